# SPDX-License-Identifier: Apache-2.0
"""Other tools on the same pages, each fed the bytes as its documentation says one does; where it
takes text only, decoded as trafilatura decodes. quality.sh pins and installs them.

    peers.py TOOL < names > records      a process of its own for each; a name is a file's

What a tool says of a page depends on nothing but the page and its version, so records are kept in
the work folder's peers/, by the tool's version and this file's hash, and not made twice. Where a
tool answers with HTML, its text is made here: a line for each block, nothing for what is inline."""
import hashlib
import json
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
BLOCKS = set("""address article aside blockquote body br caption center dd details div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section select
summary table tbody td tfoot th thead tr ul""".split())


def html_text(html):
    """The text of a piece of HTML."""
    import lxml.html
    if not (html or "").strip():
        return ""
    parts = []
    for event, node in lxml.html.etree.iterwalk(lxml.html.fromstring(html), ("start", "end",
                                                                             "comment", "pi")):
        starts = event == "start"
        if isinstance(node.tag, str) and node.tag in BLOCKS:
            parts.append("\n")
        if starts:
            parts.append(node.text or "")
        else:
            parts.append(node.tail or "")
    return "".join(parts)


def decoded(page):
    from trafilatura.utils import decode_file
    return decode_file(page)


def trafilatura(**options):
    from trafilatura import extract

    def work(page, _):
        found = json.loads(extract(page, output_format="json", with_metadata=True,
                                   include_comments=False, **options) or "{}")
        return {"title": found.get("title"), "author": found.get("author"),
                "published": found.get("date"), "text": found.get("text")}
    return work


def readability():
    from readability import Document

    def work(page, _):
        document = Document(page)
        return {"title": document.short_title(), "text": html_text(document.summary())}
    return work


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def work(page, _):
        tree = HTMLTree.parse_from_bytes(page, detect_encoding(page))
        return {"title": tree.title, "text": extract_plain_text(tree, main_content=True)}
    return work


def rs_trafilatura(with_url):
    import rs_trafilatura as rs

    def work(page, url):
        found = rs.extract_bytes(page, url=url if with_url else None)
        return {"title": found.title, "author": found.author, "published": found.date,
                "page_type": found.page_type, "text": found.main_content}
    return work


def magic_html():
    from magic_html import GeneralExtractor
    extractor = GeneralExtractor()

    def work(page, url):
        found = extractor.extract(decoded(page), base_url=url)
        return {"title": found.get("title"), "text": html_text(found.get("html"))}
    return work


def newspaper():
    import newspaper as news

    def work(page, url):
        found = news.article(url, input_html=decoded(page), fetch_images=False)
        return {"title": found.title, "author": "; ".join(found.authors),
                "published": str(found.publish_date or ""), "text": found.text}
    return work


TOOLS = {
    "rs-trafilatura": ("rs-trafilatura", lambda: rs_trafilatura(False)),
    "rs-trafilatura, told the URL": ("rs-trafilatura", lambda: rs_trafilatura(True)),
    "resiliparse": ("resiliparse", resiliparse),
    "readability-lxml": ("readability-lxml", readability),
    "magic-html": ("magic-html", magic_html),
    "trafilatura": ("trafilatura", trafilatura),
    "newspaper4k": ("newspaper4k", newspaper),
    "trafilatura, precision": ("trafilatura", lambda: trafilatura(favor_precision=True)),
    "trafilatura, recall": ("trafilatura", lambda: trafilatura(favor_recall=True)),
    "trafilatura, fast": ("trafilatura", lambda: trafilatura(fast=True)),
}
READABILITY_JS = "Readability.js"


def serve(tool):
    """Answers for each line of JSON, [name, path, url], with one: [name, record]."""
    work = TOOLS[tool][1]()
    failed = 0
    for line in sys.stdin:
        name, path, url = json.loads(line)
        record = {}
        try:
            record = work(Path(path).read_bytes(), url)
        except Exception as error:  # a page that a tool breaks on is a page it missed
            failed += 1
            print(f"{tool}: {name}: {type(error).__name__}: {error}"[:200], file=sys.stderr)
        # Half of a surrogate pair is no text, and JSON would carry it on.
        print(json.dumps([name, record]).encode("utf-8", "replace").decode(), flush=True)
    print(f"{tool}: {failed} pages failed", file=sys.stderr)


def commands():
    """tool → (version, command)."""
    found = {}
    for tool, (package, _) in TOOLS.items():
        try:
            found[tool] = (version(package), [sys.executable, "-B", str(HERE / "peers.py"), tool])
        except PackageNotFoundError:
            print(f"{tool} is not installed: left out", file=sys.stderr)
    lock = HERE / "node" / "package-lock.json"
    place = HERE.parents[2] / "build" / "bench" / "pages" / "node"
    if shutil.which("node") and (place / "node_modules").is_dir():
        pinned = json.loads(lock.read_text())["packages"]["node_modules/@mozilla/readability"]
        found[READABILITY_JS] = (pinned["version"], ["node", str(place / "readability.mjs")])
    else:
        print(f"{READABILITY_JS} is not installed: left out", file=sys.stderr)
    return found


def code_hash():
    """Of what asks the tools, which is everything above this function."""
    code = (HERE / "peers.py").read_bytes().partition(b"def code_hash")[0]
    return hashlib.sha256(code + (HERE / "node" / "readability.mjs").read_bytes()).hexdigest()[:12]


def run(command, questions, keep):
    """Asks a tool about every page; keeps its answers when all are there."""
    with open(keep.with_suffix(".log"), "wb") as log:
        done = subprocess.run(command, input=questions, stdout=subprocess.PIPE, stderr=log)
    answers = done.stdout.decode("utf-8", "replace").rstrip("\n").split("\n")
    if done.returncode or len(answers) != len(questions.splitlines()):
        print(f"{command[-1]} ended with {done.returncode} after {len(answers)} pages: left out",
              file=sys.stderr)
        return None
    keep.write_text("\n".join(answers), "utf-8")
    return answers


def records(sets, work, only=None):
    """tool → name → record; of those named in `only`, when it is not None."""
    questions = "".join(json.dumps([name, str(work / name), page["url"]]) + "\n"
                        for pages in sets.values() for name, page in pages.items()).encode()
    asked = hashlib.sha256(questions).hexdigest()[:8]
    (work / "peers").mkdir(exist_ok=True)
    found = {}
    for tool, (number, command) in commands().items():
        if only is not None and tool not in only:
            continue
        file = f"{tool.replace(', ', '-').replace(' ', '-')}-{number}-{code_hash()}-{asked}.jsonl"
        keep = work / "peers" / file
        answers = (keep.read_text("utf-8").split("\n") if keep.exists()
                   else run(command, questions, keep))
        if answers:
            found[f"{tool} {number}"] = dict(json.loads(line) for line in answers)
    for tool in found.values():
        for record in tool.values():
            if "html" in record:
                record["text"] = html_text(record.pop("html"))
    return found


if __name__ == "__main__":
    serve(sys.argv[1])
