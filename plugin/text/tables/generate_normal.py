#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes three tables of text/normal:
normal_class.inc   what every code point is, which scripts write joiners and which write no spaces
normal_scan.inc    the rules by which the vector scan knows from two or three bytes that a character
                   may have to change; they are checked here for every code point
normal_pairs.inc   which character and mark compose to what, and the combining classes that decide
                   whether they stand in order

usage: generate_normal.py [/usr/share/unicode]
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPT = "plugin/text/tables/generate_normal.py"
ALL = 0x110000
BLOCK = 128

# In this order in text/normal_class.h.
CLASSES = ["plain", "control", "line", "invisible", "joiner", "separator", "tag", "soft_hyphen",
           "private", "replacement", "noncharacter", "direction", "full_width",
           "compatibility_ideograph", "mark", "maybe", "dirty", "dirty_start", "compatible",
           "compatible_start"]

# Full-width signs that are punctuation of Chinese and Japanese text and keep their width.
CJK_PUNCTUATION = set(map(ord, "！（），：；？［］｛｝～"))

# Scripts without a line-breaking class of their own that are written without spaces, too.
WITHOUT_SPACES = {"Balinese", "Javanese"}


def rows(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = [field.strip() for field in line.split("#")[0].split(";")]
        if len(fields) > 1:
            first, _, last = fields[0].partition("..")
            yield range(int(first, 16), int(last or first, 16) + 1), fields[1:]


def code_points(path, value):
    """Those whose first property value is one of `value`."""
    return {c for span, fields in rows(path) if fields[0] in value for c in span}


class Unicode:
    """The parts of the character database that count here."""

    def __init__(self, folder):
        self.folder = folder
        props = folder / "DerivedNormalizationProps.txt"
        self.version = re.search(r"-(\d+\.\d+\.\d+)\.txt",
                                 props.read_text(encoding="utf-8")).group(1)
        self.classes = {}
        self.maps = {}
        for line in (folder / "UnicodeData.txt").read_text(encoding="utf-8").splitlines():
            fields = line.split(";")
            self.classes[int(fields[0], 16)] = int(fields[3])
            if fields[5]:
                tag, *rest = fields[5].split() if fields[5][0] == "<" else ["", *fields[5].split()]
                self.maps[int(fields[0], 16)] = (bool(tag), [int(c, 16) for c in rest])
        self.no = {"NFC_QC": set(), "NFKC_QC": set()}
        self.maybe = set()
        self.excluded = set()
        for span, fields in rows(props):
            if fields[0] in self.no:
                self.no[fields[0]].update(span)
                if fields[1] == "M":
                    self.maybe.update(span)
            elif fields[0] == "Full_Composition_Exclusion":
                self.excluded.update(span)

    def first(self, code_point, compatible):
        """Where its decomposition begins."""
        while code_point in self.maps and (compatible or not self.maps[code_point][0]):
            code_point = self.maps[code_point][1][0]
        return code_point

    def last(self, code_point):
        """Where its canonical decomposition ends."""
        while code_point in self.maps and not self.maps[code_point][0]:
            code_point = self.maps[code_point][1][-1]
        return code_point

    def is_start(self, code_point):
        """Never does it, nor what it decomposes to, join or reorder with what stands before."""
        firsts = [self.first(code_point, False), self.first(code_point, True), code_point]
        return all(not self.classes.get(c, 0) and c not in self.maybe for c in firsts)


def house_classes():
    """What the house decides, whatever Unicode says of normal forms."""
    house = {c: "control" for c in [*range(0x20), *range(0x7F, 0xA0)]}
    del house[ord("\n")], house[ord("\t")]
    house.update(dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "line"))
    house.update(dict.fromkeys([0xFEFF, *range(0x2060, 0x2065), *range(0x206A, 0x2070)],
                               "invisible"))
    house.update(dict.fromkeys([0x180E, 0x200C, 0x200D], "joiner"))
    house[0x200B] = "separator"
    house[0xAD] = "soft_hyphen"
    house.update(dict.fromkeys(range(0xE0000, 0xE0080), "tag"))
    house.update(dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F),
                                *range(0x2066, 0x206A)], "direction"))
    for span in range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE):
        house.update(dict.fromkeys(span, "private"))
    house[0xFFFD] = "replacement"
    house.update(dict.fromkeys(range(0xFDD0, 0xFDF0), "noncharacter"))
    for plane in range(0, ALL, 0x10000):
        house.update({plane + 0xFFFE: "noncharacter", plane + 0xFFFF: "noncharacter"})
    house.update(dict.fromkeys(set(range(0xFF01, 0xFF5F)) - CJK_PUNCTUATION, "full_width"))
    return house


def class_names(data):
    dirty = data.no["NFC_QC"] | {c for c, ccc in data.classes.items() if ccc}
    house = house_classes()
    assert not dirty & set(house)
    names = ["plain"] * ALL
    for c in data.no["NFKC_QC"]:
        names[c] = "compatible_start" if data.is_start(c) else "compatible"
    for c in dirty:
        is_ideograph = 0xF900 <= c <= 0xFAFF or 0x2F800 <= c <= 0x2FA1F
        start = "compatibility_ideograph" if is_ideograph else "dirty_start"
        names[c] = start if data.is_start(c) else "dirty"
        if c in data.maybe:
            assert c not in data.maps
            names[c] = "maybe"
        elif c not in data.no["NFC_QC"]:
            assert c not in data.no["NFKC_QC"]
            names[c] = "mark"
    for c, name in house.items():
        names[c] = name
    return names


def script_sets(folder):
    scripts = {}
    for span, fields in rows(folder / "Scripts.txt"):
        scripts.setdefault(fields[0], set()).update(span)
    long_names = {fields[1]: fields[2] for fields in (
        [f.strip() for f in line.split("#")[0].split(";")]
        for line in (folder / "PropertyValueAliases.txt").read_text(encoding="utf-8").splitlines())
        if fields[0] == "sc"}
    extensions = [(span, {long_names[s] for s in fields[0].split()})
                  for span, fields in rows(folder / "ScriptExtensions.txt")]
    common = scripts["Common"] | scripts["Inherited"]

    def with_extensions(names):
        wanted = {c for name in names for c in scripts[name]}
        return wanted.union(*(span for span, listed in extensions if listed & names))

    def scripts_of(points):
        return {name for name, members in scripts.items()
                if members & (points - common)} - {"Common", "Inherited"}

    joining = joining_letters(folder)
    stacking = code_points(folder / "IndicSyllabicCategory.txt", {"Virama", "Invisible_Stacker"})
    unspaced = code_points(folder / "LineBreak.txt", {"SA"})
    return (with_extensions(scripts_of(joining | stacking)),
            with_extensions(scripts_of(unspaced) | WITHOUT_SPACES))


def joining_letters(folder):
    """Joining type D, R or L; the file is no list of ranges."""
    found = set()
    for line in (folder / "ArabicShaping.txt").read_text(encoding="utf-8").splitlines():
        fields = [field.strip() for field in line.split("#")[0].split(";")]
        if len(fields) == 4 and fields[2] in {"D", "R", "L"}:
            found.add(int(fields[0], 16))
    return found


# ---- rules of the vector scan ----
# A rule is a product of half bytes: what the lead byte, the second and the third must be for the
# character to be suspected. At most eight rules look at two bytes and eight at three.
ANY = range(16)


def halves(text):
    return [int(digit, 16) for digit in text]


def rule(lead, second=("89AB", ""), third=None):
    def pair(upper_lower):
        upper, lower = upper_lower
        return halves(upper), halves(lower) if lower else list(ANY)
    return pair(lead), pair(second), pair(third) if third else (list(ANY), list(ANY))


COMPOSED_PAIRS = [
    rule(("C", "CD")),                              # marks
    rule(("D", "6789ABCDEF")),                      # Hebrew, Arabic, Syriac, Thaana, N'Ko
    rule(("E", "0E")),                              # Indic, Thai; private use
    rule(("E", "1"), ("89A", "02456789ABCDEF")),    # E1 but Georgian, Ethiopic, U+1E00 to U+1EFF
    rule(("E", "1"), ("B", "01234567CDEF")),
    rule(("C", "2"), ("9A", "")),                   # C1 controls, soft hyphen
    rule(("CD", "2E"), ("8", "")),                  # C1 controls, U+0387, marks of Cyrillic
]
COMPOSED_TRIPLES = [
    rule(("E", "2"), ("8", "0"), ("8", "01BCDEF")),  # spaces that are others, zero width
    rule(("E", "2"), ("8", "0"), ("A", "89ABCDE")),  # line ends, directions
    rule(("E", "2"), ("8", "14C"), ("A", "")),       # invisible signs, Ohm, Kelvin, brackets
    rule(("E", "2"), ("8", "3"), ("9AB", "")),       # marks for symbols
    rule(("E", "2"), ("AB", "357B")),                # U+2ADC and marks beyond
    rule(("E", "3"), ("8", "0"), ("A", "ABCDEF")),   # tone marks
    rule(("E", "3"), ("8", "2"), ("9", "9A")),       # voicing marks of kana
    rule(("E", "AF"), ("89A", "")),                  # Lisu to Meetei; private use, compatibility
]
HIGHEST = rule(("E", "F"), ("B", "012345678BF"))     # Arabic forms, U+FEFF, U+FFFD
HIGHEST_FOLDED = rule(("E", "F"), ("B", "012345678BCDF"))

# Of what these suspect, a closer look leaves less: a mark behind a character that is not suspected
# is in order. So a rule for marks may cover any character that nothing happens to but for its order,
# and the others all the rest. First those for two bytes.
CLOSE_PAIR_OTHERS = [
    rule(("CD", "CDEF")),                            # marks, Syriac, Thaana, N'Ko
    rule(("CD", "2"), ("89A", "")),                  # C1 controls, soft hyphen, marks of Cyrillic
    rule(("D", "89"), ("9", "345C")),                # hamza, which composes; a direction
]
CLOSE_PAIR_MARKS = [
    rule(("D", "6"), ("9AB", "")),                   # Hebrew
    rule(("D", "7"), ("8", "")),
    rule(("D", "9"), ("8", "BCDEF")),                # Arabic
    rule(("D", "89B"), ("9", "")),
    rule(("D", "9B"), ("AB", "")),
]


def close_rule(seconds, third):
    """Of E0: any set of second bytes, half bytes of the third."""
    return {int(byte, 16) for byte in seconds.split()}, (halves(third[0]),
                                                         halves(third[1]) if third[1] else list(ANY))


CLOSE_TRIPLE_OTHERS = [
    close_rule("A4 A8", ("B", "36C")),                     # letters with a dot
    close_rule("A6 A7 AC AE B4", ("B", "E")),              # vowels that compose
    close_rule("A5 A7 A9 AB AD AF B1 B3 B5 B7", ("9", "")),
    close_rule("B3 B7", ("8", "2AF")),
    close_rule("A0 A1 A2 A3 BC BD BE BF", ("89AB", "")),   # Samaritan to Arabic, Tibetan
]
CLOSE_TRIPLE_MARKS = [
    close_rule("A5 A7 A9 AB AD AF B1 B3 B5", ("8", "D")),  # viramas
    close_rule("A6 A8 AA AC B0 B2 B4", ("B", "BC")),       # nuktas
    close_rule("B8 B9 BA BB", ("8B", "89AB")),             # Thai, Lao
]

COMPATIBLE_PAIRS = [
    rule(("C", "2457ABCD")),
    rule(("CD", "2EF")),                             # Greek, D2; DE and DF are below
    rule(("D", "6789ABCDEF")),
    rule(("E", "012EF")),
    rule(("E", "A"), ("89A", "")),
    rule(("E", "3"), ("8", "456789ABCDEF")),
]
COMPATIBLE_TRIPLES = [
    rule(("E", "3"), ("8", "0"), ("8", "0")),
    rule(("E", "3"), ("8", "0"), ("AB", "")),
    rule(("E", "3"), ("8", "2"), ("9", "9ABCDEF")),
    rule(("E", "3"), ("8", "3"), ("B", "F")),
]

COMPOSED = set(CLASSES) - {"plain", "full_width", "compatible", "compatible_start"}
VARIANTS = {
    "composed": (COMPOSED_PAIRS + [HIGHEST], COMPOSED_TRIPLES, COMPOSED),
    "folded": (COMPOSED_PAIRS + [HIGHEST_FOLDED], COMPOSED_TRIPLES, COMPOSED | {"full_width"}),
    "compatible": (COMPATIBLE_PAIRS, COMPATIBLE_TRIPLES, set(CLASSES) - {"plain"}),
}


def suspects(rules, encoded):
    def has(byte, pair):
        return byte >> 4 in pair[0] and byte & 15 in pair[1]
    return any(has(encoded[0], lead) and has(encoded[1], second) and
               (len(encoded) < 3 or has(encoded[2], third)) for lead, second, third in rules)


def check_rules(names):
    for variant, (pairs, triples, stops) in VARIANTS.items():
        assert len(pairs) <= 8 and len(triples) <= 8, variant
        assert not any(0xE in upper and 0 in lower for (upper, lower), _, _ in triples)
        for c, name in enumerate(names):
            # ASCII and what lies above U+FFFF are not the rules' business.
            if 0x80 <= c <= 0xFFFF and not 0xD800 <= c <= 0xDFFF and name in stops:
                assert suspects(pairs + triples, chr(c).encode()), f"{variant} misses U+{c:04X}"


def closely_suspects(pairs, triples, encoded):
    if len(encoded) == 2:
        return suspects(pairs, encoded)
    return any(encoded[1] in seconds and encoded[2] >> 4 in third[0] and encoded[2] & 15 in third[1]
               for seconds, third in triples)


def check_close_rules(names):
    """No mark's rule hides what only another's may show."""
    assert len(CLOSE_PAIR_OTHERS + CLOSE_PAIR_MARKS) <= 8
    assert len(CLOSE_TRIPLE_OTHERS + CLOSE_TRIPLE_MARKS) <= 8
    for c in [*range(0x80, 0x1000)]:
        encoded = chr(c).encode()
        if names[c] in COMPOSED and not (
                closely_suspects(CLOSE_PAIR_OTHERS, CLOSE_TRIPLE_OTHERS, encoded)):
            assert names[c] == "mark" and (
                closely_suspects(CLOSE_PAIR_MARKS, CLOSE_TRIPLE_MARKS, encoded)), hex(c)


def close_triple_tables():
    """Sixteen entries for second bytes A0 to AF, for B0 to BF, for each half of the third."""
    rules = CLOSE_TRIPLE_OTHERS + CLOSE_TRIPLE_MARKS
    for upper in 0xA0, 0xB0:
        yield [sum(1 << n for n, (seconds, _) in enumerate(rules) if upper + lower in seconds)
               for lower in range(16)]
    for half in range(2):
        yield [sum(1 << n for n, (_, third) in enumerate(rules) if value in third[half])
               for value in range(16)]


def half_tables(rules, positions):
    """Sixteen entries for each half of each byte; bit n: rule n allows it."""
    for position in range(positions):
        for half in range(2):
            yield [sum(1 << n for n, parts in enumerate(rules) if value in parts[position][half])
                   for value in range(16)]


def table_lines(tables):
    return "".join("{" + ",".join(map(str, table)) + "},\n" for table in tables)


def ranges_of(points, assigned):
    """A gap without a character in it is no gap."""
    found = []
    for c in sorted(points):
        if found and not any(between in assigned for between in range(found[-1][1] + 1, c)):
            found[-1][1] = c
        else:
            found.append([c, c])
    return found


def lines_of(values, per_line, form):
    return "".join("".join(form.format(v) for v in values[at:at + per_line]) + "\n"
                   for at in range(0, len(values), per_line))


def two_stages(name, numbers, storage):
    blocks = []
    index = []
    for at in range(0, ALL, BLOCK):
        block = tuple(numbers[at:at + BLOCK])
        if block not in blocks:
            blocks.append(block)
        index.append(blocks.index(block))
    assert len(blocks) <= 256
    return (f"{storage} uint8_t {name}_index[{len(index)}] = {{\n" +
            lines_of(index, 24, "{},") + "};\n"
            f"{storage} uint8_t {name}_blocks[{len(blocks)}][{BLOCK}] = {{\n" +
            "".join("{" + lines_of(block, 32, "{},").rstrip() + "},\n" for block in blocks) +
            "};\n")


# ---- composition of a character and its marks ----
PAIR_SLOTS = 2048  # text/normal_quick.c computes the same slot
NOT_SIMPLE = 255


def edges(data):
    """Of a mark its combining class, of any other character that of the last mark it is made of;
    NOT_SIMPLE for what composes or decomposes in another way."""
    found = [0] * ALL
    for c, ccc in data.classes.items():
        found[c] = ccc if c not in data.maps else NOT_SIMPLE if ccc else data.classes.get(data.last(c), 0)
    for c in data.no["NFC_QC"]:
        if c not in data.maybe or c in data.maps or not data.classes[c]:
            found[c] = NOT_SIMPLE
    return found


def composites(data):
    """An open-addressed table of (first, second, composite)."""
    slots = [(0, 0, 0)] * PAIR_SLOTS
    for c, (is_compatible, parts) in sorted(data.maps.items()):
        if is_compatible or len(parts) != 2 or c in data.excluded:
            continue
        slot = (parts[0] * 0x9E3779B1 ^ parts[1] * 0x85EBCA6B) % 2**32 >> 21
        while slots[slot][0]:
            slot = (slot + 1) % PAIR_SLOTS
        slots[slot] = (*parts, c)
    assert sum(1 for slot in slots if slot[0]) < PAIR_SLOTS * 3 // 4
    return slots


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    data = Unicode(folder)
    names = class_names(data)
    check_rules(names)
    check_close_rules(names)
    joining, unspaced = script_sets(folder)
    emoji = folder / "emoji" / "emoji-data.txt"
    pictographs = code_points(emoji, {"Extended_Pictographic"})
    modifiers = code_points(emoji, {"Emoji_Modifier"}) | {0xFE0F, 0x20E3}
    head = (f"/* Made by {SCRIPT} from Unicode {data.version} (Unicode-DFS-2016). "
            "Not edited by hand.\n * SPDX-License-Identifier: Unicode-DFS-2016 */\n")
    text = head + two_stages("normal_class", [CLASSES.index(name) for name in names], "const")
    for name, points in (("joining", joining), ("unspaced", unspaced),
                         ("pictographs", pictographs), ("emoji_extenders", modifiers)):
        spans = ranges_of(points, data.classes)
        text += (f"static const struct code_points {name}[{len(spans)}] = {{\n" +
                 lines_of(spans, 5, "{{0x{0[0]:X}, 0x{0[1]:X}}}, ") + "};\n")
    (HERE / "normal_class.inc").write_text(text, encoding="ascii")
    text = head
    for variant, (pairs, triples, _) in VARIANTS.items():
        tables = list(half_tables(pairs, 2)) + list(half_tables(triples, 3))
        text += (f"static const uint8_t rules_{variant}[HALF_TABLE_COUNT][16] = {{\n" +
                 table_lines(tables) + "};\n")
    tables = [*half_tables(CLOSE_PAIR_OTHERS + CLOSE_PAIR_MARKS, 2), *close_triple_tables()]
    text += (f"enum {{ CLOSE_PAIR_OTHERS = {(1 << len(CLOSE_PAIR_OTHERS)) - 1}, "
             f"CLOSE_TRIPLE_OTHERS = {(1 << len(CLOSE_TRIPLE_OTHERS)) - 1} }};\n"
             f"static const uint8_t rules_close[{len(tables)}][16] = {{\n{table_lines(tables)}}};\n")
    (HERE / "normal_scan.inc").write_text(text, encoding="ascii")
    text = head + two_stages("edge", edges(data), "static const")
    text += (f"static const struct pair pairs[{PAIR_SLOTS}] = {{\n" +
             lines_of(composites(data), 5, "{{0x{0[0]:X},0x{0[1]:X},0x{0[2]:X}}},") + "};\n")
    (HERE / "normal_pairs.inc").write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
