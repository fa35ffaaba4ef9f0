/* SPDX-License-Identifier: Apache-2.0 */
/* Documents inside a ZIP: what their directory, `[Content_Types].xml` or `mimetype` says they are.
 * They are never unpacked as archives. None is converted yet.
 *
 * A bid counts the magic of the ZIP (32 bits) and eight bits for each byte of a name or type that
 * was found, so that any of them beats the bare archive, and the more exact one the vaguer.
 */
#include "convert/format.h"

#include "formats/deflated.h"
#include "formats/zip.h"

enum {
    MAGIC_BITS = 32,
    ENTRIES_LOOKED_AT = 4096,      /* writers put the telling entries first or last of few */
    TYPES_BYTES_MAX = 1024 * 1024, /* of [Content_Types].xml: 100 bytes a part */
    RECOVERED_BYTES_MAX = 4 * 1024 * 1024,
    WINDOW_BYTES = 4096,
    CARRY_BYTES = 128 /* no content type that is looked for is longer */
};

/* Without a directory only the beginning is walked: each row asks anew, and local headers whose
 * sizes stand behind the data must be searched for. */
static bool open_zip(const struct document *document, struct zip *zip)
{
    static const uint8_t magic[] = {'P', 'K', 3, 4};
    if (!bytes_start(document->content, (bytes){.ptr = magic, .len = sizeof magic}) ||
        !zip_open(document->content, zip)) {
        return false;
    }
    if (zip->is_recovered) {
        zip->content = bytes_slice(zip->content, 0, RECOVERED_BYTES_MAX);
    }
    return true;
}

static unsigned bits_of(str found)
{
    return 8 * (unsigned)found.len; /* of a literal */
}

static bool has_entry(const struct zip *zip, str name)
{
    struct zip_entry entry;
    return zip_find(zip, name, ENTRIES_LOOKED_AT, &entry);
}

/* The longest of `types` in these bytes; 0 bits for none. */
static unsigned find_types(bytes window, const str *types, size_t count)
{
    unsigned best = 0;
    for (size_t i = 0; i < count; i++) {
        if (bits_of(types[i]) > best &&
            memmem(window.ptr, window.len, types[i].ptr, types[i].len)) {
            best = bits_of(types[i]);
        }
    }
    return best;
}

/* Through the packed types in windows that overlap, so that no memory grows. */
static unsigned search_deflated(bytes data, const str *types, size_t count)
{
    uint8_t window[CARRY_BYTES + WINDOW_BYTES];
    size_t carried = 0;
    size_t total = 0;
    unsigned best = 0;
    struct deflated *deflated = deflated_open(data);
    enum deflated_state state = deflated ? DEFLATED_MORE : DEFLATED_NO_MEMORY;
    while (state == DEFLATED_MORE && total < TYPES_BYTES_MAX) {
        size_t produced = 0;
        state = deflated_next(deflated, window + carried, WINDOW_BYTES, &produced);
        const bytes seen = {.ptr = window, .len = carried + produced};
        const unsigned bits = find_types(seen, types, count);
        best = bits > best ? bits : best;
        total += produced;
        carried = seen.len < CARRY_BYTES ? seen.len : CARRY_BYTES;
        memmove(window, window + seen.len - carried, carried);
    }
    deflated_close(deflated);
    return best;
}

/* ECMA-376 part 2: what the main part is, is said by its content type. */
static unsigned bid_main_part(const struct document *document, const str *types, size_t count)
{
    const str list = STR("[Content_Types].xml");
    struct zip zip;
    struct zip_entry entry;
    bytes data;
    bool whole;
    if (!open_zip(document, &zip) || !zip_find(&zip, list, ENTRIES_LOOKED_AT, &entry)) {
        return 0;
    }
    const unsigned known = MAGIC_BITS + bits_of(list);
    if (count == 0) {
        return known;
    }
    if ((entry.flags & ZIP_FLAG_ENCRYPTED) || !zip_entry_data(&zip, &entry, &data, &whole)) {
        return 0;
    }
    const unsigned found = entry.method == ZIP_DEFLATED
                               ? search_deflated(data, types, count)
                               : find_types(bytes_slice(data, 0, TYPES_BYTES_MAX), types, count);
    return found ? known + found : 0;
}

/* OpenDocument 1.3 part 2, 3.3, and EPUB OCF 3.3: the entry `mimetype`. `is_start`: `type` need
 * only be its beginning. */
static unsigned bid_mimetype(const struct document *document, str type, bool is_start)
{
    uint8_t stated[128];
    struct zip zip;
    struct zip_entry entry;
    if (!open_zip(document, &zip) || !zip_find(&zip, STR("mimetype"), ENTRIES_LOOKED_AT, &entry)) {
        return 0;
    }
    size_t len = zip_read_head(&zip, &entry, stated, sizeof stated);
    while (len > 0 && ascii_is_space(stated[len - 1])) {
        len--;
    }
    const bytes found = {.ptr = stated, .len = len};
    const bool holds =
        is_start ? bytes_start(found, str_bytes(type)) : bytes_equal(found, str_bytes(type));
    return holds ? MAGIC_BITS + bits_of(STR("mimetype")) + bits_of(type) : 0;
}

static unsigned bid_entry(const struct document *document, str name)
{
    struct zip zip;
    return open_zip(document, &zip) && has_entry(&zip, name) ? MAGIC_BITS + bits_of(name) : 0;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

#define ROW(name_, media_type_)                                                                    \
    const struct format format_##name_ = {                                                         \
        .name = STR_INIT(#name_), .media_type = STR_INIT(media_type_), .bid = bid_##name_}

/* Each with the content types that its main part may have. */
#define OPC_ROW(name_, media_type_, ...)                                                           \
    static unsigned bid_##name_(const struct document *document)                                   \
    {                                                                                              \
        static const str types[] = {__VA_ARGS__};                                                  \
        return bid_main_part(document, types, sizeof types / sizeof types[0]);                     \
    }                                                                                              \
    ROW(name_, media_type_)

OPC_ROW(docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        STR_INIT("wordprocessingml.document.main+xml"),
        STR_INIT("wordprocessingml.template.main+xml"),
        STR_INIT("application/vnd.ms-word.document.macroEnabled.main+xml"),
        STR_INIT("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"));
OPC_ROW(xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        STR_INIT("spreadsheetml.sheet.main+xml"), STR_INIT("spreadsheetml.template.main+xml"),
        STR_INIT("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        STR_INIT("application/vnd.ms-excel.template.macroEnabled.main+xml"),
        STR_INIT("application/vnd.ms-excel.addin.macroEnabled.main+xml"));
OPC_ROW(xlsb, "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        STR_INIT("application/vnd.ms-excel.sheet.binary.macroEnabled.main"));
OPC_ROW(pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        STR_INIT("presentationml.presentation.main+xml"),
        STR_INIT("presentationml.slideshow.main+xml"), STR_INIT("presentationml.template.main+xml"),
        STR_INIT("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
        STR_INIT("application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml"),
        STR_INIT("application/vnd.ms-powerpoint.template.macroEnabled.main+xml"));
OPC_ROW(xps, "application/oxps", STR_INIT("package.xps-fixeddocumentsequence+xml"));
OPC_ROW(vsdx, "application/vnd.ms-visio.drawing",
        STR_INIT("application/vnd.ms-visio.drawing.main+xml"),
        STR_INIT("application/vnd.ms-visio.drawing.macroEnabled.main+xml"));

static unsigned bid_opc(const struct document *document)
{
    return bid_main_part(document, NULL, 0);
}
ROW(opc, "application/vnd.openxmlformats-package");

#define ODF_ROW(name_, media_type_)                                                                \
    static unsigned bid_##name_(const struct document *document)                                   \
    {                                                                                              \
        return larger(bid_mimetype(document, STR(media_type_), false),                             \
                      bid_mimetype(document, STR(media_type_ "-template"), false));                \
    }                                                                                              \
    ROW(name_, media_type_)

ODF_ROW(odt, "application/vnd.oasis.opendocument.text");
ODF_ROW(ods, "application/vnd.oasis.opendocument.spreadsheet");
ODF_ROW(odp, "application/vnd.oasis.opendocument.presentation");

static unsigned bid_odf(const struct document *document)
{
    return bid_mimetype(document, STR("application/vnd.oasis.opendocument."), true);
}
ROW(odf, "application/vnd.oasis.opendocument");

static unsigned bid_epub(const struct document *document)
{
    return larger(bid_mimetype(document, STR("application/epub+zip"), false),
                  bid_entry(document, STR("META-INF/container.xml")));
}
ROW(epub, "application/epub+zip");

/* GB/T 33190: the fixed layout of Chinese administration. */
static unsigned bid_ofd(const struct document *document)
{
    return bid_entry(document, STR("OFD.xml"));
}
ROW(ofd, "application/ofd");

static unsigned bid_iwork(const struct document *document)
{
    return bid_entry(document, STR("Index/Document.iwa"));
}
ROW(iwork, "application/vnd.apple.iwork");

static unsigned bid_jar(const struct document *document)
{
    return bid_entry(document, STR("META-INF/MANIFEST.MF"));
}
ROW(jar, "application/java-archive");

/* Any other that states its type in the way of OpenDocument. */
static unsigned bid_zip_document(const struct document *document)
{
    return bid_mimetype(document, STR("application/"), true);
}
ROW(zip_document, "application/zip");
