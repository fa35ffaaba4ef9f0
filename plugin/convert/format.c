/* SPDX-License-Identifier: Apache-2.0 */
#include "convert/format.h"

#define FORMAT(name) extern const struct format format_##name;
#include "convert/formats.def"
#undef FORMAT

static const struct format *const formats[] = {
#define FORMAT(name) &format_##name,
#include "convert/formats.def"
#undef FORMAT
};

const struct format *const *format_list(size_t *count)
{
    *count = sizeof formats / sizeof formats[0];
    return formats;
}

const struct format *format_detect(const struct document *document, unsigned *bits)
{
    const struct format *best = NULL;
    *bits = 0;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const unsigned bid = formats[i]->bits_max ? 0 : formats[i]->bid(document);
        if (bid > *bits) {
            *bits = bid;
            best = formats[i];
        }
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const bool is_asked = formats[i]->bits_max && formats[i]->bits_max >= *bits;
        const unsigned bid = is_asked ? formats[i]->bid(document) : 0;
        if (bid && bid >= *bits) {
            *bits = bid;
            best = formats[i];
        }
    }
    return best;
}

enum status convert_run(struct document *document, const struct format *format, struct sink *sink)
{
    document->format = format->name;
    document->media_type = format->media_type;
    if (!format->convert) {
        return document_fail(document, FAULT_unsupported_format, -1,
                             "recognised as %.*s, which Quern does not convert yet",
                             (int)format->name.len, format->name.ptr);
    }
    document->converter = format->version;
    return format->convert(document, sink);
}
