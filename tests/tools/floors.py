#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the files of the house stay on their floors?

An #include in plugin/ may name its own floor or one that plugin/FLOORS lets it see. A host sees
include/quern/, samples/hosts/common/ and its own folder; a host with a FLOORS file of its own obeys
that too. Beside it: the length of public headers, the licence line, and calls the house avoids.

    floors.py [ROOT]        lists what is wrong, exit 1 if anything is
    floors.py --self-test   plants each violation in a copy and wants it caught
"""
import re
import shutil
import sys
import tempfile
from pathlib import Path

PUBLIC_HEADER_LINES_MAX = 200
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
COMMENT_OR_LITERAL = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
C_SUFFIXES = {".c", ".h", ".def", ".inc"}
LICENSED_SUFFIXES = C_SUFFIXES | {".py", ".sh", ".cmake", ".go"}
LICENCE = "SPDX-License-Identifier:"

# What a call would do that the plugin promises not to: end or unwind the host's process, write to
# its standard streams, allocate past the one door, or copy without a length.
ENDS_OR_UNWINDS = r"abort|exit|_exit|_Exit|quick_exit|setjmp|longjmp|sigsetjmp|siglongjmp"
STDIO = (r"printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|putc|fputc|fwrite|fopen|fdopen|"
         r"freopen|perror|fflush|scanf|fscanf|getchar|fgets|fread")
UNBOUNDED = r"sprintf|vsprintf|strcpy|strcat|stpcpy|strtok|strtok_r|atoi|atol|atoll|atof|gets|alloca"
PROCESS_STATE = r"setlocale|signal|sigaction|setenv|unsetenv|putenv|fork|vfork|system|popen"
ALLOCATES = (r"malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc|"
             r"posix_memalign|asprintf|vasprintf|getline|getdelim")


def call(names):
    return re.compile(r"(?<![\w.>])(?:%s)\s*\(" % names)


FORBIDDEN_IN_PLUGIN = [
    (call(ENDS_OR_UNWINDS), "ends or unwinds the host's process"),
    (call(STDIO), "uses stdio"),
    (re.compile(r"\b(?:stdin|stdout|stderr)\b"), "names a standard stream"),
    (call(UNBOUNDED), "copies or reads without a length"),
    (call(PROCESS_STATE), "changes state of the whole process"),
    (re.compile(r"\bgoto\b"), "goto"),
]


def read_floors(path):
    floors = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([a-z_]+): *([a-z_ ]*)\|", line)
        if match:
            floors[match[1]] = {match[1], *match[2].split()}
    return floors


def includes(text):
    """Line, quote and path of each include that is not inside a comment."""
    bare = re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)
    for match in INCLUDE.finditer(bare):
        yield bare.count("\n", 0, match.start()) + 1, match[1], match[2]


def without_comments_and_literals(text):
    return COMMENT_OR_LITERAL.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def c_files(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in C_SUFFIXES and p.is_file())


def check_floor_includes(folder, floors, sees_public, problems):
    """folder/FLOOR/… includes "FLOOR/name.h" only of floors it sees."""
    for path in c_files(folder):
        floor = path.relative_to(folder).parts[0]
        if floor not in floors:
            problems.append(f"{path}: {floor} is not in FLOORS")
            continue
        for line, quote, name in includes(path.read_text(encoding="utf-8")):
            target = name.split("/")[0]
            if target == "quern":
                if floor != sees_public:
                    problems.append(f"{path}:{line}: only the floor {sees_public} sees {name}")
            elif quote == '"' and "/" not in name:
                problems.append(f"{path}:{line}: {name} is named without its floor")
            elif quote == '"' and target not in floors[floor]:
                problems.append(f"{path}:{line}: {floor} must not see {name}")


def check_plugin(root, problems):
    plugin = root / "plugin"
    floors = read_floors(plugin / "FLOORS")
    if len(floors) < 2:
        problems.append(f"{plugin}/FLOORS: no floors in it")
    check_floor_includes(plugin, floors, "abi", problems)
    for path in c_files(plugin):
        # NAME_main.c is a program of the build (a generator), not part of the library.
        if path.name.endswith("_main.c"):
            continue
        text = without_comments_and_literals(path.read_text(encoding="utf-8"))
        rules = FORBIDDEN_IN_PLUGIN
        if path.relative_to(plugin).as_posix() != "base/memory.c":
            rules = rules + [(call(ALLOCATES), "allocates or frees outside base/memory.c")]
        for pattern, why in rules:
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{path}:{line}: {match[0].strip(' (')}: {why}")


def check_hosts(root, problems):
    hosts = root / "samples" / "hosts"
    if not hosts.is_dir():
        return
    plugin_floors = set(read_floors(root / "plugin" / "FLOORS"))
    for path in c_files(hosts):
        host = path.relative_to(hosts).parts[0]
        for line, quote, name in includes(path.read_text(encoding="utf-8")):
            target = name.split("/")[0]
            if quote == "<" and target not in plugin_floors | {"quern"}:
                continue  # the system's or a library's
            own = "/" not in name and (path.parent / name).is_file()
            if not own and target not in {"quern", "common", host}:
                inside_host = (hosts / host / name).is_file()
                if not inside_host or target in plugin_floors:
                    problems.append(f"{path}:{line}: a host must not see {name}")
    for floors_file in sorted(hosts.glob("*/FLOORS")):
        check_host_floors(floors_file, problems)


def check_host_floors(floors_file, problems):
    """One folder, floors by name: a line of FLOORS names the beginnings of its files' names; a file
    includes its own floor and those above it in the list, which lie lower."""
    folder = floors_file.parent
    order, beginnings = [], {}
    for line in floors_file.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([a-z_]+): *([a-z_ ]*)\|", line)
        if match:
            order.append(match[1])
            beginnings.update({name: match[1] for name in [match[1], *match[2].split()]})

    def floor_of(stem):
        fitting = [name for name in beginnings if stem.startswith(name)]
        return beginnings[max(fitting, key=len)] if fitting else None

    for path in c_files(folder):
        floor = floor_of(path.stem)
        if floor is None:
            problems.append(f"{path}: no floor of {floors_file} begins its name")
            continue
        for line, quote, name in includes(path.read_text(encoding="utf-8")):
            if quote == '"' and (folder / Path(name).name).is_file():
                target = floor_of(Path(name).stem)
                if target and order.index(target) > order.index(floor):
                    problems.append(f"{path}:{line}: {floor} must not see {name}")


def check_public_headers(root, problems):
    for path in sorted((root / "include").rglob("*.h")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > PUBLIC_HEADER_LINES_MAX:
            problems.append(f"{path}: {lines} lines; a public header has at most "
                            f"{PUBLIC_HEADER_LINES_MAX}")


def check_licence_lines(root, problems):
    for top in ("plugin", "include", "samples", "tests"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in LICENSED_SUFFIXES or not path.is_file():
                continue
            if "golden" in path.parts and path.suffix not in {".c", ".h", ".py", ".cmake"}:
                continue  # inputs are data
            # Two lines: a script has its interpreter, a generated table its generator first.
            with path.open(encoding="utf-8", errors="replace") as file:
                head = file.readline() + file.readline()
            if LICENCE not in head:
                problems.append(f"{path}:1: no {LICENCE} line")


def check(root):
    problems = []
    check_plugin(root, problems)
    check_hosts(root, problems)
    check_public_headers(root, problems)
    check_licence_lines(root, problems)
    return problems


SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
PLANTS = [
    ("plugin/base/planted.c", SPDX + '#include "text/utf8.h"\n', "base must not see text/utf8.h"),
    ("plugin/text/planted.c", SPDX + '# include "planted.h"\n', "named without its floor"),
    ("plugin/job/planted.c", SPDX + "#include <quern/plugin.h>\n", "only the floor abi sees"),
    ("plugin/attic/planted.c", SPDX, "attic is not in FLOORS"),
    ("plugin/text/planted.c", SPDX + "void f(void)\n{\n    abort();\n}\n", ":4: abort"),
    ("plugin/text/planted.c", SPDX + "int f(void) { goto out; out: return 1; }\n", "goto"),
    ("plugin/text/planted.c", SPDX + 'int f(void) { return printf("x"); }\n', "printf: uses stdio"),
    ("plugin/text/planted.c", SPDX + "void *f(void) { return malloc (3); }\n", "outside base/memory.c"),
    ("plugin/text/planted.c", SPDX + "int f(char *p) { return atoi(p); }\n", "atoi: copies or reads"),
    ("plugin/text/planted.c", "int x;\n", "no SPDX-License-Identifier: line"),
    ("include/quern/planted.h", SPDX + "\n" * 200, "201 lines"),
    ("samples/hosts/planted/planted.c", SPDX + '#include "base/str.h"\n', "a host must not see"),
    ("samples/hosts/planted/planted.c", SPDX + '#include "cli/args.h"\n', "a host must not see"),
    ("samples/hosts/cli/args_planted.c", SPDX + '#include "cli/session.h"\n', "args must not see"),
]
INNOCENT = SPDX + ('#include "base/str.h"\n#include <string.h>\n'
                   "/* no goto, no abort() */ // exit(1)\n"
                   'static const char *says = "malloc(1) goto printf(";\n'
                   "int f(char *b) { return snprintf(b, 3, says) + sink->exit(1); }\n")


# What a planted file leans on: the lists of floors, and a header that is there.
SKELETON = ["plugin/FLOORS", "samples/hosts/cli/FLOORS", "samples/hosts/cli/session.h"]


def self_test(root):
    failures = []
    for name, content, wanted in PLANTS + [("plugin/text/planted.c", INNOCENT, None)]:
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch)
            for kept in SKELETON:
                (copy / kept).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / kept, copy / kept)
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(content, encoding="utf-8")
            found = check(copy)
            if wanted is None and found:
                failures.append(f"innocent code was blamed: {found}")
            elif wanted is not None and not any(wanted in p for p in found):
                failures.append(f"planted in {name} and not caught: {wanted}")
    return failures


def main():
    root = Path(__file__).resolve().parents[2]
    arguments = sys.argv[1:]
    if arguments and arguments[0] == "--self-test":
        problems = self_test(root)
        print(f"{len(PLANTS)} violations planted, {len(problems)} problems")
    else:
        problems = check(Path(arguments[0]) if arguments else root)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
