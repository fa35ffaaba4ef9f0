# SPDX-License-Identifier: Apache-2.0
"""The rules by which pages are scored. Each function takes what must be found and a record: a dict
with text, title, author, published and page_type, any of which may be missing or None.

Segments: trafilatura's evaluation. White space counts as one space on both sides; each `with` that
is in the text is a true positive, each that is not a false negative, each `without` that is in it a
false positive; P, R and F1 over the sums of all pages.
Words: the web content extraction benchmark's. Lower case, runs of \\w; F1 of the two multisets for
each page, mean over pages; where nothing is to be found, 1 for nothing and 0 for anything.
Metadata: NFKC, case folded, everything but letters and digits a space. A title must be equal. An
author must be the same set of names, which stand apart by ; , / & and | and the word for "and";
"by" in front is none. Dates must be the same day. Precision is over the pages that state it and
where something was given, recall over those that state it; given where the page states none is
counted beside."""
import re
import unicodedata
from collections import Counter


def one_space(text):
    return re.sub(r"\s+", " ", text or "").strip()


def words(text):
    return Counter(re.findall(r"\w+", (text or "").lower()))


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def ratio(part, whole):
    return part / whole if whole else 0.0


def segments(page, record):
    """(missed, found that should not be, how many were to be found)."""
    text = one_space(record.get("text"))
    missed = [s for s in page["with"] if one_space(s) not in text]
    extra = [s for s in page["without"] if one_space(s) in text]
    return missed, extra, len(page["with"])


def segments_sum(scores):
    """P, R, F1."""
    wanted = sum(count for _, _, count in scores)
    found = wanted - sum(len(missed) for missed, _, _ in scores)
    extra = sum(len(extra) for _, extra, _ in scores)
    precision, recall = ratio(found, found + extra), ratio(found, wanted)
    return precision, recall, f1(precision, recall)


def words_f1(page, record):
    """P, R, F1 of one page."""
    wanted, given = words(page["main_content"]), words(record.get("text"))
    if not wanted or not given:
        same = float(not wanted and not given)
        return same, same, same
    common = (wanted & given).total()
    precision, recall = common / given.total(), common / wanted.total()
    return precision, recall, f1(precision, recall)


def mean(rows):
    """Column by column."""
    return tuple(sum(column) / len(rows) for column in zip(*rows)) if rows else (0.0, 0.0, 0.0)


def folded(text):
    text = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return " ".join(re.findall(r"[^\W_]+", text))


def names(text):
    text = unicodedata.normalize("NFKC", str(text or "")).casefold()
    parts = re.split(r"[;,/&|\n]|\b(?:and|und|et|y|e)\b", text)
    parts = [folded(re.sub(r"^\s*(?:by|von|par|por)\b:?", "", part)) for part in parts]
    return sorted({part for part in parts if part})


def day(text):
    found = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(text or ""))
    return tuple(int(part) for part in found.groups()) if found else None


FIELDS = {"title": ("title", folded), "author": ("author", names), "date": ("published", day)}


def field(name, stated, record):
    """right, wrong or missing, and where the page states none: extra or none."""
    column, normal = FIELDS[name]
    given = normal(record.get(column))
    if not normal(stated):
        return "extra" if given else "none"
    if not given:
        return "missing"
    return "right" if given == normal(stated) else "wrong"


def field_sum(answers):
    """P, R, F1."""
    count = Counter(answers)
    stated = count["right"] + count["wrong"] + count["missing"]
    precision = ratio(count["right"], count["right"] + count["wrong"])
    recall = ratio(count["right"], stated)
    return precision, recall, f1(precision, recall)
