#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small documents of every recognised family for recognise_test.c: make_documents.py FOLDER"""
import io
import os
import struct
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "formats"))
from compound import compound  # noqa: E402


def zip_of(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, method)
    return out.getvalue()


def types_of(main, extra=""):
    return ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="xml" ContentType="application/xml"/>' + extra +
            '<Override PartName="/main.xml" ContentType="%s"/></Types>' % main)


OFFICE = "application/vnd.openxmlformats-officedocument."
EMBEDDED = '<Default Extension="xlsx" ContentType="%sspreadsheetml.sheet"/>' % OFFICE
MANY = "".join('<Override PartName="/p%d.xml" ContentType="application/xml"/>' % i
               for i in range(3000))


def opc(main, extra="", first=True):
    types = ("[Content_Types].xml", types_of(main, extra))
    parts = [("main.xml", "<main/>" * 50)]
    return zip_of([types] + parts if first else parts + [types])


def odf(media_type):
    return zip_of([("mimetype", media_type), ("content.xml", "<content/>")])


MAIL = ("Received: from a by b\r\nFrom: a@example.org\r\nTo: b@example.org\r\n"
        "Subject: a\r\n letter\r\nDate: Sat, 23 Nov 2019 10:20:30 +0800\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\nbody\r\n")
SAVED = ("From: <Saved by a browser>\r\nSubject: a page\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/related;\r\n\ttype=\"text/html\"; boundary=x\r\n\r\nbody\r\n")
LETTER = "From: the office\nTo: everybody\nSubject: the party\nDate: tomorrow\n\nPlease come.\n"

DOCUMENTS = {
    "docx": opc(OFFICE + "wordprocessingml.document.main+xml", EMBEDDED),
    "docx.last": opc(OFFICE + "wordprocessingml.document.main+xml", first=False),
    "docx.many": opc(OFFICE + "wordprocessingml.document.main+xml", MANY),
    "docx.macro": opc("application/vnd.ms-word.document.macroEnabled.main+xml"),
    "xlsx": opc(OFFICE + "spreadsheetml.sheet.main+xml"),
    "xlsb": opc("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
    "pptx": opc(OFFICE + "presentationml.presentation.main+xml"),
    "pptx.show": opc(OFFICE + "presentationml.slideshow.main+xml"),
    "xps": opc("application/vnd.ms-package.xps-fixeddocumentsequence+xml"),
    "vsdx": opc("application/vnd.ms-visio.drawing.main+xml"),
    "opc": opc("application/x-something-new"),
    "odt": odf("application/vnd.oasis.opendocument.text"),
    "odt.template": odf("application/vnd.oasis.opendocument.text-template\n"),
    "ods": odf("application/vnd.oasis.opendocument.spreadsheet"),
    "odp": odf("application/vnd.oasis.opendocument.presentation"),
    "odf": odf("application/vnd.oasis.opendocument.graphics"),
    "epub": odf("application/epub+zip"),
    "epub.bare": zip_of([("a.xhtml", "<html/>"), ("META-INF/container.xml", "<container/>")]),
    "zip_document": odf("application/x-some-program"),
    "ofd": zip_of([("OFD.xml", "<OFD/>"), ("Doc_0/Document.xml", "<Document/>")]),
    "iwork": zip_of([("Index/Document.iwa", "x")]),
    "jar": zip_of([("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n"), ("A.class", "x")]),
    "none.zip": zip_of([("docs/[Content_Types].xml", "x"), ("a/mimetype", "x"), ("a.txt", "x")]),
    "none.mimetype.zip": zip_of([("mimetype", "a note about types"), ("a.txt", "x")]),
    "doc": compound(["WordDocument", "1Table"]),
    "xls": compound(["Workbook"]),
    "xls.old": compound(["Book"]),
    "xls.embedding": compound(["Workbook"], inside=["WordDocument"]),
    "ppt": compound(["Current User", "PowerPoint Document"]),
    "msg": compound(["__properties_version1.0"]),
    "works": compound(["MatOST"]),
    "visio": compound(["VisioDocument"]),
    "publisher": compound(["Quill", "Contents"]),
    "hwp": compound(["FileHeader", "\5HwpSummaryInformation"]),
    "ooxml_encrypted": compound(["EncryptionInfo", "EncryptedPackage"]),
    "ole2": compound(["Something"]),
    "ole2.cut": compound(["WordDocument"])[:600],
    "eml": MAIL.encode(),
    "mhtml": SAVED.encode(),
    "mbox": ("From a@example.org Sat Nov 23 10:20:30 2019\n" + MAIL).encode(),
    "word2": b"\xdb\xa5\x2d\x001@\x09\x04",
    "biff": b"\x09\x04\x06\0\0\0\x10\0",
    "biff.five": b"\x09\x08\x08\0\0\5\5\0",
    "wordperfect": b"\xffWPC\x10\0",
    "hwp3": b"HWP Document File V3.00 \x1a\1\2\3\4\5",
    "xlsx.lower": zip_of([("[content_types].xml",
                           types_of(OFFICE + "spreadsheetml.sheet.main+xml")), ("a", "b")]),
    "text.letter": LETTER.encode(),
    "pdf": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "pdf.late": b"junk\n" * 20 + b"%PDF-1.7\n",
    "rtf": rb"{\rtf1\ansi\ansicpg936 text}",
    "word_xml": b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n'
                b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
    "excel_xml": b'\xef\xbb\xbf<?xml version="1.0"?>\n<Workbook '
                 b'xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    "odf_xml": b'<?xml version="1.0"?><office:document '
               b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">',
    "fb2": b'<?xml version="1.0"?><FictionBook '
           b'xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">',
    "postscript": b"%!PS-Adobe-3.0\n",
    "djvu": b"AT&TFORM\0\0\0\0DJVM",
    "chm": b"ITSF\3\0\0\0\x60\0\0\0",
    "caj": b"CAJ\0\0\0\0\0",
    "mobi": b"Title".ljust(60, b"\0") + b"BOOKMOBI",
    "dwg": b"AC1032\0\0\0\0\0",
    "sqlite": b"SQLite format 3\0",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "gif": b"GIF89a\1\0\1\0",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "bmp": b"BM" + struct.pack("<LLL", 100, 0, 54) + struct.pack("<L", 40) + b"\0" * 8,
    "tiff": b"II*\0\x08\0\0\0",
    "wmf": b"\xd7\xcd\xc6\x9a\0\0\0\0",
    "psd": b"8BPS\0\1\0\0",
    "mp3": b"ID3\3\0\0\0\0\0\0",
    "wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "flac": b"fLaC\0\0\0\x22",
    "ogg": b"OggS\0\2",
    "mp4": b"\0\0\0\x20ftypisom",
    "avi": b"RIFF\x24\0\0\0AVI LIST",
    "asf": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    "flv": b"FLV\1\5\0\0\0\x09",
    "matroska": b"\x1a\x45\xdf\xa3\x9f",
    "cab": b"MSCF\0\0\0\0",
    "lha": b"\x20\0-lh5-",
    "lz4": b"\x04\x22\x4d\x18\x64",
    "lzip": b"LZIP\1\x0c",
    "exe": b"MZ\x90\0\3\0\0\0\4\0\0\0",
    "elf": b"\x7fELF\2\1\1",
    "text.pk": "PK赛的规则: %PDF-1.4 和 {\\rtf 都只是文字。".encode(),
    "text.bm": "BM是什么? GIF89 是图。RIFF,MSCF,ID3。".encode(),
    "text.rtf": b"the first letters of such a file are {\\rtf1",
    "html": b"<!DOCTYPE html><html><title>%PDF-1.4</title><p>MIME-Version: 1.0</html>",
}


def main():
    for name, data in DOCUMENTS.items():
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(data)
    with open(os.path.join(sys.argv[1], "list"), "w") as file:
        file.write("".join(name + "\n" for name in DOCUMENTS))


if __name__ == "__main__":
    main()
