#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Documents made from a fixed seed, read by our XML tokenizer and by expat: what expat accepts gives
the same elements, attributes and text; what expat calls broken or unfinished is not whole for ours
either, but for the kinds that LENIENT names. Then sitemaps and feeds, whose links are known because
they are made here, and once more from a tree that expat builds.

usage: xml_expat.py XML_TOKENS SITEMAP [SEED [COUNT]]
"""
import json
import random
import subprocess
import sys
import xml.etree.ElementTree as tree
import xml.parsers.expat as expat
from xml.sax.saxutils import escape, quoteattr

# What we read and expat does not: attributes given twice, `]]>` in text, controls, undeclared
# entities and prefixes, `--` in comments, names of signs that are no letters; nothing inside a DOCTYPE.
LENIENT = {"duplicate attribute", "unknown encoding", "not well-formed (invalid token)", "undefined entity",
           "reference to invalid character number", "unbound prefix",
           "XML or text declaration not at start of entity", "XML declaration not well-formed", "illegal character(s) in public id",
           "reserved prefix (xml) must not be undeclared or bound to another namespace name"}
PIECES = ["<", ">", "/", "&", "&amp;", "&#65;", "&#x6743;", "&x;", "\"", "'", "=", " ", "\n", "\r\n", "\t", "a",
          "b", ":", "<a>", "</a>", "<a b='1'>", "<a/>", "<!--", "-->", "<![CDATA[", "]]>", "<?p", "?>",
          "权", "<!DOCTYPE a>", "xmlns:", "]"]
NAMES = ["a", "b", "p:c", "名字", "d-e.f", "_g", "A"]
TEXTS = ["", "x", "1 &lt; 2", "&#26435;力", "&amp;amp;", "\r\n", "]]", "&quot;", "\t y \n", "😀", "é"]


def made(dice, depth=0):
    """A well-formed element."""
    name = dice.choice(NAMES)
    space = " xmlns:p='urn:p'" if depth == 0 else ""
    chosen = dice.sample(["x", "y", "z.z", "属性"], dice.randint(0, 3))
    for key in chosen:
        quote = dice.choice("'\"")
        value = dice.choice(TEXTS).replace("]]", "").replace("\"", "")
        space += f"{dice.choice((' ', '  ', chr(10)))}{key}{dice.choice(('=', ' = '))}{quote}{value}{quote}"
    if dice.random() < 0.2:
        return f"<{name}{space}{dice.choice(('', ' '))}/>"
    inside = ""
    for _ in range(dice.randint(0, 4)):
        inside += dice.choice(TEXTS)
        kind = dice.random()
        if kind < 0.4 and depth < 6:
            inside += made(dice, depth + 1)
        elif kind < 0.5:
            inside += "<!-- <a> & -->"
        elif kind < 0.6:
            inside += "<?p <a> & ?>"
        elif kind < 0.7:
            inside += "<![CDATA[<a>&amp;]] >]]>"
    return f"<{name}{space}>{inside}</{name}{dice.choice(('', ' '))}>"


def document(dice):
    head = dice.choice(("", "<?xml version='1.0'?>\n", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                        "<!-- - -->", "<!DOCTYPE a>", "<!DOCTYPE a [ <!ELEMENT a ANY> <!-- ']> --> ]>\n"))
    text = head + made(dice) + dice.choice(("", "\n", "<!-- end -->"))
    for _ in range(dice.choice((0, 0, 1, 2))):
        at = dice.randint(0, len(text))
        text = text[:at] + dice.choice(PIECES) + text[at + dice.randint(0, 2):]
    return text if dice.random() < 0.8 else text[:dice.randint(0, len(text))]


def of_expat(content):
    """The tokens, and what expat says is wrong (None: nothing)."""
    tokens = []
    text = []

    def flush():
        if "".join(text):
            tokens.append(["text", "".join(text)])
        text.clear()

    def opened(name, pairs):
        flush()
        tokens.append(["open", name, pairs])

    def closed(name):
        flush()
        tokens.append(["close", name])

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text.append
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return tokens, expat.errors.messages[error.code]
    except LookupError:
        return tokens, "unknown encoding"
    return tokens, None


def of_ours(program, contents):
    """The tokens of each document, without the last, and the last."""
    asked = b"".join(b"%d\n%s" % (len(c), c) for c in contents)
    said = subprocess.run([program, "--batch"], input=asked, stdout=subprocess.PIPE, check=True).stdout
    at = 0
    for _ in contents:
        end = said.index(b"\n", at)
        size = int(said[at:end])
        lines = said[end + 1:end + 1 + size].decode().split("\n")[:-1]
        at = end + 1 + size
        yield [json.loads(line) for line in lines[:-1]], json.loads(lines[-1])[0]


def compare_tokens(program, dice, count):
    contents = [document(dice).encode() for _ in range(count)]
    same = refused = lenient = 0
    for content, (tokens, last) in zip(contents, of_ours(program, contents)):
        expected, wrong = of_expat(content)
        if wrong is None:
            if last != "end" or tokens != expected:
                sys.exit(f"expat reads {content!r} as\n{expected}\nwe as\n{tokens} {last}")
            same += 1
        elif last == "end":
            if wrong not in LENIENT and b"<!DOCTYPE" not in content:
                sys.exit(f"expat: {wrong}; ours read {content!r} whole: {tokens}")
            lenient += 1
        else:
            refused += 1
    print(f"{same} documents read alike, {refused} refused by both, {lenient} by expat only")
    if same < count // 4 or refused < count // 10:
        sys.exit("the documents made are of one kind only")


# ---- sitemaps and feeds ----

DATES = ["2024-05-17", "2024-05-17T08:30:15+08:00", "", "2024", "Fri, 17 May 2024 08:30:15 +0800"]
HOSTS = ["http://a.example", "https://b.example:8443"]


def links_of(dice):
    for number in range(dice.randint(0, 30)):
        host = dice.choice(HOSTS)
        path = dice.choice(("/", "/x?a=1&b=2", "/p/%E6%9D%83", "/q;v=1"))
        yield f"{host}{path}{'&' if '?' in path else '?'}n={number}", dice.choice(DATES)


def wrap(dice, text):
    space = dice.choice(("", " ", "\n  "))
    inside = f"<![CDATA[{text}]]>" if dice.random() < 0.3 else escape(text)
    return f"{space}{inside}{space}"


def sitemap(dice, links):
    prefix = dice.choice(("", "s:"))
    space = f"xmlns{':s' if prefix else ''}='http://www.sitemaps.org/schemas/sitemap/0.9'"
    is_index = dice.random() < 0.3
    root, entry = ("sitemapindex", "sitemap") if is_index else ("urlset", "url")
    out = f"<{prefix}{root} {space} xmlns:image='urn:image' xmlns:xhtml='http://www.w3.org/1999/xhtml'>\n"
    for url, date in links:
        parts = [f"<{prefix}loc>{wrap(dice, url)}</{prefix}loc>",
                 "<image:image><image:loc>http://no.example/</image:loc></image:image>",
                 "<xhtml:link rel='alternate' href='http://no.example/'/>", "<!-- x -->"]
        if date:
            parts.append(f"<{prefix}lastmod>{date}</{prefix}lastmod>")
        dice.shuffle(parts)
        out += f"<{prefix}{entry}>{''.join(parts)}</{prefix}{entry}>\n"
    kind = "sitemap" if is_index else "page"
    return out + f"</{prefix}{root}>", [(url, date, kind) for url, date in links]


def rss(dice, links):
    out = ("<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
           "<channel><link>http://no.example/</link><atom:link rel='self' href='http://no.example/'/>")
    expected = []
    for url, date in links:
        has_file = dice.random() < 0.3
        parts = [dice.choice((f"<link>{wrap(dice, url)}</link>", f"<guid>{escape(url)}</guid>")),
                 f"<description>{wrap(dice, '<a href=x>' + url)}</description>"]
        if date:
            parts.append(dice.choice((f"<pubDate>{date}</pubDate>", f"<dc:date>{date}</dc:date>")))
        if has_file:
            parts.append(f"<enclosure url={quoteattr(url + '&file=1')} length='1' type='a/b'/>")
        dice.shuffle(parts)
        out += f"<item>{''.join(parts)}</item>"
        expected.append((url, date, "page"))
        if has_file:
            expected.append((url + "&file=1", date, "enclosure"))
    return out + "</channel></rss>", expected


def atom(dice, links):
    out = "<feed xmlns='http://www.w3.org/2005/Atom'><link href='http://no.example/'/><id>x</id>"
    expected = []
    for url, date in links:
        parts = [f"<link href={quoteattr(url)} rel='alternate'/>", "<id>urn:x</id>",
                 "<link rel='replies' href='http://no.example/'/>",
                 "<source><link href='http://no.example/'/></source>"]
        if date:
            parts.append(f"<updated>{date}</updated>")
        dice.shuffle(parts)
        out += f"<entry>{''.join(parts)}</entry>"
        expected.append((url, date, "page"))
    return out + "</feed>", expected


def encoded(dice, text):
    label = dice.choice(("UTF-8", "UTF-16", "GBK", "ISO-8859-1"))
    return f"<?xml version='1.0' encoding='{label}'?>\n{text}".encode(label)


def compare_lists(program, dice, count):
    links = 0
    for number in range(count):
        text, expected = dice.choice((sitemap, rss, atom))(dice, list(links_of(dice)))
        content = encoded(dice, text)
        tree.fromstring(text)  # what is made here is XML
        said = subprocess.run([program, HOSTS[0]], input=content, capture_output=True, check=True)
        found = [tuple(line.removesuffix(" other_host").split("\t")) for line in said.stdout.decode().splitlines()]
        if sorted(found) != sorted(expected) or b"\twhole\t0 bad" not in said.stderr:
            sys.exit(f"list {number}: {said.stderr}\n{text}\nexpected {expected}\nfound {found}")
        links += len(found)
        cut = subprocess.run([program, HOSTS[0]], input=content[:dice.randint(0, len(content) - 2)],
                             capture_output=True, check=True)
        if b"\twhole\t" in cut.stderr and b"foreign" not in cut.stderr:
            sys.exit(f"list {number}, cut off, is whole: {cut.stderr}")
        if not said.stdout.startswith(cut.stdout):
            sys.exit(f"list {number}, cut off, gives what it does not hold: {cut.stdout}")
    print(f"{links} links of {count} sitemaps and feeds, each once more cut off")


def main():
    dice = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 6)
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 20000
    compare_tokens(sys.argv[1], dice, count)
    compare_lists(sys.argv[2], dice, count // 50)


if __name__ == "__main__":
    main()
