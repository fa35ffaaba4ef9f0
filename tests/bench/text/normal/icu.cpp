/* SPDX-License-Identifier: Apache-2.0 */
#include "icu.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uversion.h>

#include <string>

static const icu::Normalizer2 *nfc()
{
    UErrorCode error = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(error);
}

size_t icu_normalize(const char *text, size_t len)
{
    UErrorCode error = U_ZERO_ERROR;
    std::string out;
    out.reserve(len);
    icu::StringByteSink<std::string> sink(&out);
    nfc()->normalizeUTF8(0, icu::StringPiece(text, static_cast<int32_t>(len)), sink, nullptr,
                         error);
    return U_SUCCESS(error) ? out.size() : 0;
}

size_t icu_is_normalized(const char *text, size_t len)
{
    UErrorCode error = U_ZERO_ERROR;
    const UBool yes =
        nfc()->isNormalizedUTF8(icu::StringPiece(text, static_cast<int32_t>(len)), error);
    return U_SUCCESS(error) && yes ? len : 0;
}

const char *icu_version(void)
{
    return U_ICU_VERSION;
}
