/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/html.h"

#include "markup/tree.h"

enum status html_parse(struct arena *arena, str text, size_t depth_max, struct sink *pulse,
                       struct dom *out)
{
    const struct tree_options options = {.depth_max = depth_max, .pulse = pulse};
    return tree_parse(arena, text, &options, out);
}
