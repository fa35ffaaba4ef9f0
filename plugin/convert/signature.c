/* SPDX-License-Identifier: Apache-2.0 */
/* Formats that their first bytes name. None is converted yet: each yields one record that says what
 * it is. A bid is the number of bits that were compared. */
#include "convert/format.h"

/* `?` stands for any byte: no signature here has one of its own. */
static unsigned match(bytes content, size_t at, str pattern)
{
    unsigned bits = 0;
    if (at > content.len || content.len - at < pattern.len) {
        return 0;
    }
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] == '?') {
            continue;
        }
        if (content.ptr[at + i] != (uint8_t)pattern.ptr[i]) {
            return 0;
        }
        bits += 8;
    }
    return bits;
}

static unsigned match_any(bytes content, size_t at, const str *patterns, size_t count)
{
    unsigned best = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned bits = match(content, at, patterns[i]);
        best = bits > best ? bits : best;
    }
    return best;
}

#define ROW(name_, media_type_)                                                                    \
    const struct format format_##name_ = {                                                         \
        .name = STR_INIT(#name_), .media_type = STR_INIT(media_type_), .bid = bid_##name_}

/* One of the patterns at the byte `at_`. */
#define SIGNATURE(name_, media_type_, at_, ...)                                                    \
    static unsigned bid_##name_(const struct document *document)                                   \
    {                                                                                              \
        static const str patterns[] = {__VA_ARGS__};                                               \
        return match_any(document->content, at_, patterns, sizeof patterns / sizeof patterns[0]);  \
    }                                                                                              \
    ROW(name_, media_type_)

/* clang-format off */
SIGNATURE(word2, "application/msword", 0, STR_INIT("\xDB\xA5\x2D\0"));
SIGNATURE(biff, "application/vnd.ms-excel", 0, STR_INIT("\x09\0\x04\0"), STR_INIT("\x09\x02\x06\0"),
          STR_INIT("\x09\x04\x06\0"), STR_INIT("\x09\x08\x08\0\0\x05"));
SIGNATURE(wordperfect, "application/vnd.wordperfect", 0, STR_INIT("\xFF" "WPC"));
SIGNATURE(hwp3, "application/x-hwp", 0, STR_INIT("HWP Document File V3.00 \x1A"));
SIGNATURE(postscript, "application/postscript", 0, STR_INIT("%!PS-Adobe-"));
SIGNATURE(djvu, "image/vnd.djvu", 0, STR_INIT("AT&TFORM"));
SIGNATURE(chm, "application/vnd.ms-htmlhelp", 0, STR_INIT("ITSF\x03\0\0\0"));
SIGNATURE(caj, "application/x-caj", 0, STR_INIT("CAJ\0"));
SIGNATURE(mobi, "application/x-mobipocket-ebook", 60, STR_INIT("BOOKMOBI"));
SIGNATURE(dwg, "image/vnd.dwg", 0, STR_INIT("AC10??\0\0\0"));
SIGNATURE(sqlite, "application/vnd.sqlite3", 0, STR_INIT("SQLite format 3\0"));
SIGNATURE(png, "image/png", 0, STR_INIT("\x89PNG\r\n\x1A\n"));
SIGNATURE(jpeg, "image/jpeg", 0, STR_INIT("\xFF\xD8\xFF"));
SIGNATURE(gif, "image/gif", 0, STR_INIT("GIF87a"), STR_INIT("GIF89a"));
SIGNATURE(webp, "image/webp", 0, STR_INIT("RIFF????WEBPVP8"));
SIGNATURE(bmp, "image/bmp", 0, STR_INIT("BM????\0\0\0\0????\x28\0\0\0"),
          STR_INIT("BM????\0\0\0\0????\x6C\0\0\0"), STR_INIT("BM????\0\0\0\0????\x7C\0\0\0"));
SIGNATURE(tiff, "image/tiff", 0, STR_INIT("II*\0"), STR_INIT("MM\0*"));
SIGNATURE(wmf, "image/wmf", 0, STR_INIT("\xD7\xCD\xC6\x9A\0\0"));
SIGNATURE(psd, "image/vnd.adobe.photoshop", 0, STR_INIT("8BPS\0\x01"));
SIGNATURE(mp3, "audio/mpeg", 0, STR_INIT("ID3\x02\0"), STR_INIT("ID3\x03\0"), STR_INIT("ID3\x04\0"));
SIGNATURE(wav, "audio/wav", 0, STR_INIT("RIFF????WAVEfmt "));
SIGNATURE(flac, "audio/flac", 0, STR_INIT("fLaC\0\0\0"));
SIGNATURE(ogg, "application/ogg", 0, STR_INIT("OggS\0"));
SIGNATURE(mp4, "video/mp4", 0, STR_INIT("\0\0\0?ftyp"));
SIGNATURE(avi, "video/x-msvideo", 0, STR_INIT("RIFF????AVI LIST"));
SIGNATURE(asf, "video/x-ms-asf", 0, STR_INIT("\x30\x26\xB2\x75\x8E\x66\xCF\x11"));
SIGNATURE(flv, "video/x-flv", 0, STR_INIT("FLV\x01?\0\0\0"));
SIGNATURE(matroska, "video/x-matroska", 0, STR_INIT("\x1A\x45\xDF\xA3"));
SIGNATURE(cab, "application/vnd.ms-cab-compressed", 0, STR_INIT("MSCF\0\0\0\0"));
SIGNATURE(lha, "application/x-lzh-compressed", 2, STR_INIT("-lh0-"), STR_INIT("-lh5-"),
          STR_INIT("-lh6-"), STR_INIT("-lh7-"), STR_INIT("-lhd-"));
SIGNATURE(lz4, "application/x-lz4", 0, STR_INIT("\x04\x22\x4D\x18"));
SIGNATURE(lzip, "application/lzip", 0, STR_INIT("LZIP\x01"));
SIGNATURE(exe, "application/vnd.microsoft.portable-executable", 0, STR_INIT("MZ??\x03\0\0\0\x04\0"), STR_INIT("MZ??\x02\0\0\0\x04\0"));
SIGNATURE(elf, "application/x-elf", 0, STR_INIT("\x7F" "ELF"));
/* clang-format on */

/* ISO 32000-1 annex H.3.4.1: readers accept the header anywhere in the first 1,024 bytes; there it
 * must begin a line. */
static unsigned bid_pdf(const struct document *document)
{
    enum { HEADER_WITHIN = 1024 };
    static const str patterns[] = {STR_INIT("%PDF-1."), STR_INIT("%PDF-2.")};
    const bytes head = bytes_slice(document->content, 0, HEADER_WITHIN);
    for (size_t at = 0; at < head.len; at++) {
        const bool begins_line = at == 0 || head.ptr[at - 1] == '\n' || head.ptr[at - 1] == '\r';
        const unsigned bits =
            head.ptr[at] == '%' && begins_line ? match_any(document->content, at, patterns, 2) : 0;
        if (bits) {
            return at == 0 ? bits : bits - 10; /* a thousand places to stand by chance */
        }
    }
    return 0;
}
ROW(pdf, "application/pdf");

/* RTF 1.9.1: the version, then a control word or the group's end. */
static unsigned bid_rtf(const struct document *document)
{
    const unsigned bits = match(document->content, 0, STR("{\\rtf"));
    if (!bits) {
        return 0;
    }
    return bits + (match(document->content, 5, STR("1")) ? 8 : 0) +
           (match(document->content, 6, STR("\\")) ? 8 : 0);
}
ROW(rtf, "application/rtf");

/* An XML file whose first bytes name this namespace or root. */
static unsigned bid_xml(const struct document *document, str mark)
{
    enum { MARK_WITHIN = 4096 };
    const bytes content = document->content;
    const bytes head = bytes_slice(content, 0, MARK_WITHIN);
    const size_t at = match(content, 0, STR("\xEF\xBB\xBF")) ? 3 : 0;
    const unsigned declaration = match(content, at, STR("<?xml"));
    return declaration && memmem(head.ptr, head.len, mark.ptr, mark.len)
               ? declaration + 8 * (unsigned)mark.len /* of a literal */
               : 0;
}

static unsigned bid_word_xml(const struct document *document)
{
    return bid_xml(document, STR("http://schemas.microsoft.com/office/word/2003/wordml"));
}
ROW(word_xml, "application/msword");

static unsigned bid_excel_xml(const struct document *document)
{
    return bid_xml(document, STR("urn:schemas-microsoft-com:office:spreadsheet"));
}
ROW(excel_xml, "application/vnd.ms-excel");

static unsigned bid_odf_xml(const struct document *document)
{
    return bid_xml(document, STR("urn:oasis:names:tc:opendocument:xmlns:office:1.0"));
}
ROW(odf_xml, "application/vnd.oasis.opendocument");

static unsigned bid_fb2(const struct document *document)
{
    return bid_xml(document, STR("http://www.gribuser.ru/xml/fictionbook/2.0"));
}
ROW(fb2, "application/x-fictionbook+xml");
