/* SPDX-License-Identifier: Apache-2.0 */
/* Documents inside an OLE2 compound file, told apart by the streams under its root. None is
 * converted yet. A bid counts the magic (64 bits) and eight bits for each letter of the names. */
#include "convert/format.h"

#include "formats/ole2.h"

enum { MAGIC_BITS = 64 };

/* Bits for those of the names that are there, 0 when one of them is not. */
static unsigned bid_streams(const struct document *document, const str *names, size_t count)
{
    struct ole2 ole2;
    unsigned bits = MAGIC_BITS;
    if (!ole2_open(document->content, &ole2)) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (!ole2_has(&ole2, names[i])) {
            return 0;
        }
        bits += 8 * (unsigned)names[i].len; /* of a literal */
    }
    return bits;
}

static unsigned bid_stream(const struct document *document, str name)
{
    return bid_streams(document, &name, 1);
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

#define ROW(name_, media_type_)                                                                    \
    const struct format format_##name_ = {                                                         \
        .name = STR_INIT(#name_), .media_type = STR_INIT(media_type_), .bid = bid_##name_}

/* Also .wps of WPS Office, which is the same. */
static unsigned bid_doc(const struct document *document)
{
    return bid_stream(document, STR("WordDocument"));
}
ROW(doc, "application/msword");

/* `Book` before BIFF8; also .et of WPS Office. */
static unsigned bid_xls(const struct document *document)
{
    return larger(bid_stream(document, STR("Workbook")), bid_stream(document, STR("Book")));
}
ROW(xls, "application/vnd.ms-excel");

/* Also .dps of WPS Office. */
static unsigned bid_ppt(const struct document *document)
{
    return bid_stream(document, STR("PowerPoint Document"));
}
ROW(ppt, "application/vnd.ms-powerpoint");

static unsigned bid_msg(const struct document *document)
{
    return bid_stream(document, STR("__properties_version1.0"));
}
ROW(msg, "application/vnd.ms-outlook");

/* Microsoft Works, whose .wps is not that of WPS Office. */
static unsigned bid_works(const struct document *document)
{
    return larger(bid_stream(document, STR("MatOST")), bid_stream(document, STR("CONTENTS")));
}
ROW(works, "application/vnd.ms-works");

static unsigned bid_visio(const struct document *document)
{
    return bid_stream(document, STR("VisioDocument"));
}
ROW(visio, "application/vnd.visio");

static unsigned bid_publisher(const struct document *document)
{
    const str names[] = {STR("Quill"), STR("Contents")};
    return bid_streams(document, names, sizeof names / sizeof names[0]);
}
ROW(publisher, "application/x-mspublisher");

static unsigned bid_hwp(const struct document *document)
{
    return bid_stream(document, STR("\005HwpSummaryInformation"));
}
ROW(hwp, "application/x-hwp");

/* MS-OFFCRYPTO 2.1: the package of a document that needs a password. */
static unsigned bid_ooxml_encrypted(const struct document *document)
{
    return bid_stream(document, STR("EncryptedPackage"));
}
ROW(ooxml_encrypted, "application/x-ooxml-encrypted");

static unsigned bid_ole2(const struct document *document)
{
    return bid_streams(document, NULL, 0);
}
ROW(ole2, "application/x-ole-storage");
