#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the README tell the truth about formats, and do its links lead somewhere?

The lists of plugin.toml (made from formats.def) must be those of README's table; every relative link
of every README must name a file or folder.

    readme.py           lists what is wrong
    readme.py --write   puts the lists of plugin.toml into the table
"""
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = {"unpacked": r"(\| unpacked \| )([^|;]*)(;)", "converted": r"(\| converted \| )([^|]*)( \|)",
        "recognised": r"(\| recognised, not yet converted [^|]*\| )([^|]*)( \|)"}


def main():
    formats = tomllib.loads((ROOT / "plugin.toml").read_text(encoding="utf-8"))["quern"]["formats"]
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    problems = []
    for kind, pattern in ROWS.items():
        wanted = ", ".join(formats[kind])
        match = re.search(pattern, text)
        if "--write" in sys.argv[1:] and match:
            text = text[:match.start(2)] + wanted + text[match.end(2):]
        elif not match or match[2] != wanted:
            problems.append(f"README.md: the row of what is {kind} is not plugin.toml's: {wanted}")
    if "--write" in sys.argv[1:]:
        readme.write_text(text, encoding="utf-8")
    pages = [readme, *sorted(ROOT.glob("samples/**/README.md")), *sorted(ROOT.glob("plugin/**/README.md"))]
    links = 0
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            links += 1
            if not (page.parent / target).exists():
                problems.append(f"{page}: {target} is not there")
    for problem in problems:
        print(problem)
    print(f"{len(ROWS)} lists and {links} links compared, {len(problems)} problems")
    return 1 if problems or not links else 0


if __name__ == "__main__":
    sys.exit(main())
