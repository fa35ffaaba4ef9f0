#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does every header compile alone? Those of plugin/ as C17, those of include/ as C11, C17 and
C++17 too: a host of any of these may include them first.

    headers.py CC [CXX]     CXX may be missing; it then says that C++ was not tried
"""
import subprocess
import sys
from pathlib import Path

PLUGIN_FLAGS = ["-std=c17", "-D_GNU_SOURCE"]
PUBLIC_FLAGS = [["-std=c11", "-pedantic-errors"], ["-std=c17", "-pedantic-errors"]]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def compiles(compiler, language, flags, include, header):
    source = f'#include "{header}"\n'
    if language == "c":
        source += "typedef int not_an_empty_file;\n"
    result = subprocess.run([compiler, "-x", language, *flags, *WARNINGS, "-I", include, "-"],
                            input=source, text=True, capture_output=True)
    if result.returncode != 0:
        print(f"{header} does not compile alone ({' '.join(flags)}):\n{result.stderr}")
    return result.returncode == 0


def main():
    root = Path(__file__).resolve().parents[2]
    cc, cxx = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    tried = failed = 0
    for header in sorted((root / "plugin").rglob("*.h")):
        name = header.relative_to(root / "plugin").as_posix()
        tried += 1
        failed += not compiles(cc, "c", PLUGIN_FLAGS + ["-I", str(root / "include")],
                               str(root / "plugin"), name)
    for header in sorted((root / "include").rglob("*.h")):
        name = header.relative_to(root / "include").as_posix()
        for flags in PUBLIC_FLAGS:
            tried += 1
            failed += not compiles(cc, "c", flags, str(root / "include"), name)
        if cxx:
            tried += 1
            failed += not compiles(cxx, "c++", ["-std=c++17", "-pedantic-errors"],
                                   str(root / "include"), name)
    print(f"{tried} headers compiled alone, {failed} failed" + ("" if cxx else ", C++ not tried"))
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
