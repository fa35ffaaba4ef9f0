#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores of records against the Chinese gold.

    score.py GOLD.jsonl RECORDS.ndjson [--errors N]
    score.py GOLD.jsonl --texts FOLDER      a peer's plain texts: FOLDER/NAME.txt for page NAME.html

Text: F1 over character 4-shingles, counted as often as they occur, white space and | left out; wanted are
those within a paragraph, post or row, those across two of them may be there. What the gold calls free
(the title, comments' words, users' names) is neither required nor punished. A library's field is right if
equal; title with or without its file extension, format in either case, keywords in any order. Fields are
scored where the page carries them, that is, where the gold has them.
"""
import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

SHINGLE = 4
FIELDS = ["title", "doc_id", "category", "site", "uploader", "published", "page_count", "declared_bytes",
          "declared_format", "keywords", "complete", "incomplete_reason", "preview_pages"]
BULLET = re.compile(r"(?m)^[ \t]*[-*•·+>#]+[ \t]+")
BLANK = re.compile(r"[\s|\u200b\ufeff]+")


def squeeze(text):
    """What is compared: no white space, no table rules, no bullets at the starts of lines."""
    return BLANK.sub("", BULLET.sub("", text or ""))


def shingles(text):
    """4-shingles of a squeezed text; a shorter one is one shingle."""
    if len(text) < SHINGLE:
        return Counter([text] if text else [])
    return Counter(text[i:i + SHINGLE] for i in range(len(text) - SHINGLE + 1))


def in_lines(text):
    """Shingles that lie within a line: what stands between two paragraphs or posts may be free."""
    total = Counter()
    for line in text.splitlines():
        bare = squeeze(line)
        if len(bare) >= SHINGLE:
            total += shingles(bare)
    return total


def remove_free(text, free):
    """Takes free strings out where they stand as a line of their own, at a line's start or anywhere if
    they are long enough to mean nothing else."""
    lines = []
    for line in (text or "").splitlines():
        bare = squeeze(line)
        if any(bare == squeeze(f) for f in free):
            continue
        lines.append(line)
    return "\n".join(lines)


def prf(found, wanted, free):
    common = sum((found & wanted).values())
    extra = found - wanted
    punished = sum(n for shingle, n in extra.items() if shingle not in free or shingle in wanted)
    if not wanted:
        clean = punished == 0
        return (1.0, 1.0, 1.0) if clean else (0.0, 1.0, 0.0)
    precision = common / (common + punished) if common + punished else 0.0
    recall = common / sum(wanted.values())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def score_text(gold, text):
    """(precision, recall, F1) of `text` for a page's gold; the best over the readings it allows (a list
    with the numbers a browser draws, or without)."""
    free_strings = gold.get("free", [])
    free = set()
    for string in free_strings:
        free |= set(shingles(squeeze(string)))
    found = shingles(squeeze(remove_free(text, free_strings)))
    readings = [remove_free(t, free_strings) for t in [gold["text"]] + gold.get("alternatives", [])]
    return max((prf(found, in_lines(r), free | set(shingles(squeeze(r)))) for r in readings), key=lambda s: s[2])


def stem(name):
    return re.sub(r"\.(docx?|pptx?|pdf|xlsx?|txt)$", "", name or "", flags=re.I)


def as_date(value):
    """ISO date of what a host wrote: a string, or days since 1970."""
    if isinstance(value, int):
        import datetime
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=value)).isoformat()
    return str(value)[:10] if value else None


def field_right(name, want, have):
    if name == "title":
        return squeeze(stem(have)) == squeeze(stem(want))
    if name == "published":
        return as_date(have) == want
    if name == "declared_format":
        return (have or "").lower() == want.lower()
    if name == "keywords":
        return sorted(have or []) == sorted(want)
    if name == "doc_id":
        return str(have) == want
    return have == want


def wrong_fields(gold, record):
    """(number of fields the page carries, list of (name, wanted, had) of those wrong)."""
    want = gold["columns"]
    names = [n for n in FIELDS if n in want]
    return len(names), [(n, want[n], record.get(n)) for n in names if not field_right(n, want[n], record.get(n))]


def lists_lost(gold, text):
    """Marks of real lists that are not in the text any more."""
    bare = squeeze(text)
    return [s for s in gold["lists_that_must_survive"] if squeeze(s) not in bare]


def strings_kept(gold, text):
    """Chrome that stands in the text."""
    bare = squeeze(text)
    return [s for s in gold["not_in_text"] if squeeze(s) in bare]


def posts_in_order(gold, text):
    """Share of a thread's posts found in the text, each after the one before."""
    bare, at, found = squeeze(text), 0, 0
    for post in gold["posts"]:
        where = bare.find(squeeze(post), at)
        if where >= 0:
            found, at = found + 1, where + 1
    return found / len(gold["posts"])


def file_of(record, by_url):
    """Name of a record's page: that of its URL, or the last part of the path it was read from."""
    url = record.get("url") or ""
    return by_url.get(url.split("://", 1)[-1]) or url.rsplit("/", 1)[-1]


class Sums:
    """What is summed for a kind of page."""

    def __init__(self):
        self.pages, self.missing, self.precision, self.recall, self.f1 = 0, 0, 0.0, 0.0, 0.0
        self.fields, self.fields_wrong, self.seams, self.seams_wrong = 0, 0, 0, 0
        self.lists, self.lists_lost, self.strings, self.strings_kept = 0, 0, 0, 0
        self.posts, self.threads, self.types_wrong = 0.0, 0, 0
        self.meta, self.meta_wrong = 0, 0


def kind_of(gold):
    """Family for the table's rows: libraries without a body apart."""
    if gold["page_type"] == "document_library" and not gold["text"]:
        return "library, body absent"
    return {"article": "article", "forum": "forum", "document_library": "library"}[gold["page_type"]]


def type_of(name):
    """page_type as records write it, in the gold's words."""
    name = re.sub(r"[^a-z]+", "_", (name or "").lower())
    return "document_library" if "library" in name else name


def add(sums, gold, record, errors):
    text = record.get("text") or ""
    p, r, f1 = score_text(gold, text) if record else (0.0, 0.0, 0.0)
    sums.pages += 1
    if type_of(record.get("page_type")) != gold["page_type"]:
        sums.types_wrong += 1
        errors.append(f"{gold['file']} {gold['family']}: page_type is {record.get('page_type')!r}")
    sums.precision, sums.recall, sums.f1 = sums.precision + p, sums.recall + r, sums.f1 + f1
    if f1 < .97:
        errors.append(f"{gold['file']} {gold['family']}: F1 {f1:.3f} (P {p:.3f} R {r:.3f})")
    if gold["page_type"] == "document_library":
        count, wrong = wrong_fields(gold, record)
        sums.fields, sums.fields_wrong = sums.fields + count, sums.fields_wrong + len(wrong)
        errors += [f"{gold['file']} {gold['family']}: {n} is {have!r}, not {want!r}" for n, want, have in wrong]
        if "seams" in gold["columns"]:
            sums.seams += 1
            if (record.get("seams") or 0) != gold["columns"]["seams"]:
                sums.seams_wrong += 1
                errors.append(f"{gold['file']} {gold['family']}: seams {record.get('seams')}, not {gold['columns']['seams']}")
    else:
        for name in ("title", "author", "published"):
            if name in gold["columns"]:
                sums.meta += 1
                if not field_right(name, gold["columns"][name], record.get(name)):
                    sums.meta_wrong += 1
                    errors.append(f"{gold['file']} {gold['family']}: {name} is {record.get(name)!r}, not {gold['columns'][name]!r}")
    if gold["lists_that_must_survive"]:
        lost = lists_lost(gold, text)
        sums.lists, sums.lists_lost = sums.lists + 1, sums.lists_lost + bool(lost)
        errors += [f"{gold['file']} {gold['family']}: list mark lost: {s}" for s in lost[:2]]
    kept = strings_kept(gold, text)
    sums.strings, sums.strings_kept = sums.strings + len(gold["not_in_text"]), sums.strings_kept + len(kept)
    errors += [f"{gold['file']} {gold['family']}: must not be in the text: {s}" for s in kept[:4]]
    if gold.get("posts"):
        sums.threads += 1
        sums.posts += posts_in_order(gold, text)


def score(golds, records):
    """{kind: Sums} over all pages, and what was wrong; a page without a record counts as an empty one."""
    table, errors = defaultdict(Sums), []
    for gold in golds:
        record = records.get(gold["file"])
        for kind in (kind_of(gold), "all"):
            add(table[kind], gold, record or {}, errors if kind != "all" else [])
            table[kind].missing += record is None
    return table, errors


def show(table):
    def share(wrong, count):
        return f"{100 * (count - wrong) / count:.1f} %" if count else "–"
    print(f"{'kind':22}{'pages':>6}{'P':>7}{'R':>7}{'F1':>7}{'fields':>9}{'seams':>9}{'lists':>9}{'meta':>9}{'type':>9}{'posts':>7}  chrome kept")
    for kind in sorted(table):
        s = table[kind]
        posts = f"{s.posts / s.threads:.2f}" if s.threads else "–"
        print(f"{kind:22}{s.pages:6}{s.precision / s.pages:7.3f}{s.recall / s.pages:7.3f}{s.f1 / s.pages:7.3f}"
              f"{share(s.fields_wrong, s.fields):>9}{share(s.seams_wrong, s.seams):>9}{share(s.lists_lost, s.lists):>9}"
              f"{share(s.meta_wrong, s.meta):>9}{share(s.types_wrong, s.pages):>9}{posts:>7}  {s.strings_kept} of {s.strings}"
              + (f"; {s.missing} pages without a record" if s.missing else ""))


def read_gold(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def read_records(path, golds):
    """Records of files are matched by name, fetched ones by URL (the scheme apart)."""
    by_url = {g["url"].split("://", 1)[-1]: g["file"] for g in golds}
    records = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            records[file_of(record, by_url)] = record
    return records


def read_texts(folder):
    return {p.stem + ".html": {"text": p.read_text("utf-8")} for p in Path(folder).glob("*.txt")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("records", nargs="?")
    parser.add_argument("--texts", help="folder of plain texts instead of records")
    parser.add_argument("--errors", type=int, default=0, help="show so many of the errors")
    options = parser.parse_args()
    if not options.records and not options.texts:
        parser.error("records or --texts")
    golds = read_gold(options.gold)
    records = read_texts(options.texts) if options.texts else read_records(options.records, golds)
    table, errors = score(golds, records)
    show(table)
    for line in errors[:options.errors]:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
