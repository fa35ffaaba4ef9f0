#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How good the text, the page type and the metadata of real pages are: all pages of QUERN_DATA/html
in one `quern convert`, scored by the rules of scoring.py, beside the peers that quality.sh installs.

    quality.py [BUILD] [--topics segments,articles,metadata] [--split tune|held|all]
               [--ours | --peers A/B/…] [--errors] [--work FOLDER]

--ours leaves the peers out, --peers names those that are wanted. --errors shows our pages, the worst first: what was missed (-) and what
came too much (+), shortened. FOLDER is where the pages are unpacked (build/pages-corpus)."""
import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import corpus
import peers
import scoring

COLUMNS = "url,status,title,author,published,modified,site,page_type,language,charset,text"
TOPICS = ("segments", "articles", "metadata")
SHORT = 100
LINES_SHOWN = 6


def ours(build, work):
    """name → record."""
    done = subprocess.run([build / "bin" / "quern", "convert", "--quiet", "--columns", COLUMNS,
                           work / "segments", work / "articles"], stdout=subprocess.PIPE)
    records = {}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        path = Path(record["url"])
        if path.suffix == ".html":
            records[f"{path.parent.name}/{path.name}"] = record
    if done.returncode not in (0, 1) or not records:
        sys.exit(f"quern convert answered {done.returncode} with {len(records)} records")
    return records


def short(text):
    text = scoring.one_space(text)
    return text if len(text) <= SHORT else f"{text[:SHORT]}… ({len(text)})"


def show(score, name, page, notes):
    print(f"\n{score:.3f} {name} {page.get('page_type', '')} {page['url'][:120]}")
    for note in notes:
        print(f"    {note}")


def row(*cells):
    print("| " + " | ".join(f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells) + " |")


def head(*cells):
    row(*cells)
    print("|" + "---|" * len(cells))


# --- segments ---

def segments_table(pages, tools):
    print(f"\n## segments: {len(pages)} pages")
    head("tool", "P", "R", "F1", "pages without a mistake", "empty")
    for tool, records in tools.items():
        scores = [scoring.segments(page, records.get(name, {})) for name, page in pages.items()]
        clean = sum(not missed and not extra for missed, extra, _ in scores)
        empty = sum(not (records.get(name, {}).get("text") or "").strip() for name in pages)
        row(tool, *scoring.segments_sum(scores), clean, empty)


def segments_errors(pages, records):
    worst = []
    for name, page in pages.items():
        missed, extra, wanted = scoring.segments(page, records.get(name, {}))
        if missed or extra:
            found = wanted - len(missed)
            score = 2 * found / (2 * found + len(missed) + len(extra))
            worst.append((score, name, [f"- {short(s)}" for s in missed]
                          + [f"+ {short(s)}" for s in extra]))
    for score, name, notes in sorted(worst):
        show(score, name, pages[name], notes)


# --- articles ---

def articles_table(pages, tools):
    pages = {name: page for name, page in pages.items() if page["main_content"]}
    count = Counter(page["page_type"] for page in pages.values())
    print(f"\n## articles: {len(pages)} pages; word F1, by page type, and the type's accuracy")
    head("tool", "P", "R", "F1", *(f"{kind} ({n})" for kind, n in count.most_common()),
         "type right", "type none")
    for tool, records in tools.items():
        scores = {name: scoring.words_f1(page, records.get(name, {}))
                  for name, page in pages.items()}
        kinds = [scoring.mean([scores[name] for name in pages
                               if pages[name]["page_type"] == kind])[2]
                 for kind, _ in count.most_common()]
        told = {name: records.get(name, {}).get("page_type") for name in pages}
        right = sum(told[name] == pages[name]["page_type"] for name in pages)
        none = sum(not kind for kind in told.values())
        right = right / len(pages) if none < len(pages) else "–"
        row(tool, *scoring.mean(list(scores.values())), *kinds, right, none)


def strange_lines(text, other):
    """The lines that are not in the other text, the longest first."""
    other = scoring.folded(other)
    strange = [line for line in (text or "").splitlines()
               if scoring.folded(line) and scoring.folded(line) not in other]
    return sorted(strange, key=len, reverse=True)


def line_notes(sign, lines):
    left = len(lines) - LINES_SHOWN
    return [f"{sign} {short(line)}" for line in lines[:LINES_SHOWN]] + (
        [f"{sign} and {left} lines more"] if left > 0 else [])


def articles_errors(pages, records):
    worst = []
    for name, page in pages.items():
        record = records.get(name, {})
        precision, recall, score = scoring.words_f1(page, record)
        if page["main_content"] and score < 1:
            worst.append((score, name, precision, recall))
    for score, name, precision, recall in sorted(worst):
        page, record = pages[name], records.get(name, {})
        wanted, given = page["main_content"], record.get("text") or ""
        show(score, name, page,
             [f"P {precision:.3f} R {recall:.3f}, told as {record.get('page_type')}"]
             + line_notes("-", strange_lines(wanted, given))
             + line_notes("+", strange_lines(given, wanted)))


def types_confused(pages, records):
    confused = Counter((page["page_type"], records.get(name, {}).get("page_type"))
                       for name, page in pages.items())
    print("\n### our page types: is, told, pages")
    for (is_, told), count in sorted(confused.items(), key=str):
        print(f"    {is_:14} {str(told):14} {count}")


# --- metadata ---

def stated_fields(pages):
    """(field, name, what the page states): only where somebody looked."""
    for name, page in pages.items():
        if page.get("title"):
            yield "title", name, page["title"]
        for field, keys in (("author", ("author",)), ("date", ("date", "publish_date"))):
            for key in keys:
                if key in page:
                    value = page[key]
                    yield field, name, ", ".join(value) if isinstance(value, list) else value


def metadata_table(which, pages, tools):
    stated = list(stated_fields(pages))
    print(f"\n## metadata of {which}")
    head("tool", *(f"{field} {what}" for field in scoring.FIELDS
                   for what in ("P", "R", "F1", "right/stated", "given/none stated")))
    for tool, records in tools.items():
        cells = []
        for field in scoring.FIELDS:
            answers = [scoring.field(field, value, records.get(name, {}))
                       for of, name, value in stated if of == field]
            count = Counter(answers)
            none = count["extra"] + count["none"]
            cells += [*scoring.field_sum(answers), f"{count['right']}/{len(answers) - none}",
                      f"{count['extra']}/{none}"]
        row(tool, *cells)


def metadata_errors(pages, records):
    for field, name, value in stated_fields(pages):
        record = records.get(name, {})
        answer = scoring.field(field, value, record)
        if answer in ("wrong", "missing", "extra"):
            given = record.get(scoring.FIELDS[field][0])
            print(f"    {field:6} {answer:7} {name:48} is {short(value)!r}, given {short(given)!r}")


def report(split, arguments, sets, tools):
    print(f"\n# {split}")
    mine = tools["quern"]
    pages = {which: corpus.in_split(known, split) for which, known in sets.items()}
    pages = {which: known for which, known in pages.items() if known}
    if "segments" in arguments.topics:
        segments_table(pages["segments"], tools)
        if arguments.errors:
            segments_errors(pages["segments"], mine)
    if "articles" in arguments.topics and "articles" in pages:
        articles_table(pages["articles"], tools)
        if arguments.errors:
            articles_errors(pages["articles"], mine)
            types_confused(pages["articles"], mine)
    if "metadata" in arguments.topics:
        for which in pages:
            metadata_table(which, pages[which], tools)
            if arguments.errors:
                metadata_errors(pages[which], mine)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=corpus.ROOT / "build" / "release")
    parser.add_argument("--topics", default=",".join(TOPICS))
    parser.add_argument("--split", choices=corpus.SPLITS)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--peers")
    parser.add_argument("--work", type=Path, default=corpus.WORK)
    arguments = parser.parse_args()
    arguments.topics = arguments.topics.split(",")
    if set(arguments.topics) - set(TOPICS):
        parser.error(f"topics are {', '.join(TOPICS)}")
    work = arguments.work.resolve()
    corpus.unpack(work)
    sets = {"segments": corpus.segments(work), "articles": corpus.articles(work)}
    tools = {"quern": ours(arguments.build.resolve(), work)}
    if not arguments.ours:
        tools |= peers.records(sets, work, arguments.peers and arguments.peers.split("/"))
    splits = [arguments.split] if arguments.split else list(corpus.SPLITS)
    for split in splits:
        report(split, arguments, sets, tools)


if __name__ == "__main__":
    main()
