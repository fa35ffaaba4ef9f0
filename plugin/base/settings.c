/* SPDX-License-Identifier: Apache-2.0 */
#include "base/settings.h"

struct settings settings_default(void)
{
    return (struct settings){
#define TEXT(name_, default_, secrecy, sentence)          .name_ = STR(default_),
#define LIST(name_, secrecy, sentence)                    .name_ = {0},
#define NUMBER(name_, default_, min, max, unit, sentence) .name_ = INT64_C(default_),
#define CHOICE(name_, default_, words, sentence)          .name_ = STR(default_),
#define FLAG(name_, default_, sentence)                   .name_ = (default_),
#include "base/options.def"
#undef TEXT
#undef LIST
#undef NUMBER
#undef CHOICE
#undef FLAG
    };
}
