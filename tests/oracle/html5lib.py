#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The html5lib suites through html_tokens, html_tree and html_encoding: every case, counted.

    html5lib.py HTML_TOKENS HTML_TREE HTML_ENCODING [NAME …]

QUERN_DATA names the folder that holds html5lib/. With names, only files whose name contains one
are run. Exits non-zero when a case fails that is not a listed exception, when an exception passes,
and when the suites are not there.
"""
import json
import os
import re
import subprocess
import sys

# Cases that we do not pass, by file and a piece of their data, and why.
SELECTEDCONTENT = ("a chosen option is cloned into selectedcontent by the element, not by the "
                   "parser; the copy would double visible text")
EXCEPTIONS = [
    ("webkit02.dat", "<select><button><selectedcontent></button><option", SELECTEDCONTENT),
]
SCRIPTED = "scripted/"  # these run JavaScript, which nothing here does
# Tweaks for documents that become XML are no rules of the tokenizer: the tokens are expected as
# the same file's input would give them without.
INFOSET = {"\uFFFD": "\uFFFF", "a b": "a\fb", " foo - - bar ": " foo -- bar "}


def fail(message):
    sys.exit(f"html5lib.py: {message}")


def suite(folder):
    root = os.environ.get("QUERN_DATA")
    if not root:
        fail("QUERN_DATA is not set: it names the folder that holds html5lib/")
    path = os.path.join(root, "html5lib", folder)
    if not os.path.isdir(path):
        fail(f"{path} is not there: QUERN_DATA must hold the html5lib suites")
    return path


def raw(text):
    """Lone surrogates travel as three bytes each; pairs become one character first."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return joined.encode("utf-8", "surrogatepass")


def unescape(value):
    if isinstance(value, str):
        return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), value)
    if isinstance(value, list):
        return [unescape(each) for each in value]
    if isinstance(value, dict):
        return {unescape(key): unescape(each) for key, each in value.items()}
    return value


def run_batch(tool, cases):
    """One process for all: (text, options) in, answers out."""
    frames = []
    for text, options in cases:
        head = "\t".join([str(len(text))] + options)
        frames.append(head.encode() + b"\n" + text)
    done = subprocess.run([tool, "--batch"], input=b"".join(frames), stdout=subprocess.PIPE,
                          check=False)
    if done.returncode:
        fail(f"{tool} ended with {done.returncode}")
    out, at, answers = done.stdout, 0, []
    while at < len(out):
        end = out.index(b"\n", at)
        length = int(out[at:end])
        answers.append(out[end + 1:end + 1 + length])
        at = end + 1 + length
    if len(answers) != len(cases):
        fail(f"{tool} answered {len(answers)} of {len(cases)} cases")
    return answers


def normal(tokens):
    """Neighbouring characters as one token; surrogates in one spelling."""
    out = []
    for token in tokens:
        if token == "ParseError":
            continue
        if token[0] == "Character" and out and out[-1][0] == "Character":
            out[-1] = ["Character", out[-1][1] + token[1]]
        else:
            out.append(list(token))
    text = json.dumps(out, sort_keys=True, ensure_ascii=False)
    return raw(text)


def tokenizer_cases(names):
    folder = suite("tokenizer")
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".test") or (names and not any(n in name for n in names)):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            data = json.load(file)
        infoset = "xmlViolationTests" in data
        for test in data.get("tests") or data["xmlViolationTests"]:
            if test.get("doubleEscaped"):
                test["input"] = unescape(test["input"])
                test["output"] = unescape(test["output"])
            if infoset:
                for old, new in INFOSET.items():
                    test["output"] = [[part.replace(old, new) if isinstance(part, str) else part
                                       for part in token] for token in test["output"]]
            yield name, test


def run_tokenizer(tool, names):
    tests = list(tokenizer_cases(names))
    runs = []
    for index, (_, test) in enumerate(tests):
        for state in test.get("initialStates", ["Data state"]):
            options = ["--state", state]
            if test.get("lastStartTag"):
                options += ["--last-start-tag", test["lastStartTag"]]
            runs.append((index, state, (raw(test["input"]), options)))
    answers = run_batch(tool, [each for _, _, each in runs])
    failed = set()
    for (index, state, _), answer in zip(runs, answers):
        name, test = tests[index]
        got = json.loads(answer.decode("utf-8", "surrogatepass"))
        if normal(got) != normal(test["output"]):
            failed.add(index)
            print(f"{name}: {test['description']} ({state})\n  input    {test['input']!r}\n"
                  f"  expected {test['output']!r}\n  got      {got!r}")
    print(f"tokenizer: {len(tests) - len(failed)} of {len(tests)} cases pass "
          f"({len(runs)} runs, each in its initial states)")
    return len(failed), len(tests)


def parse_dat(text):
    """The cases of one .dat file as dictionaries by section name."""
    for block in re.split(r"(?:\A|\n)#data\n", text)[1:]:
        case, section, lines = {}, "data", []
        for line in block.split("\n"):
            if re.match(r"#(errors|new-errors|document-fragment|document|script-on|script-off)$",
                        line) and not (section == "document" and line == "#document"):
                case[section] = "\n".join(lines)
                section, lines = line[1:], []
            else:
                lines.append(line)
        case[section] = "\n".join(lines)
        yield case


def tree_cases(names):
    folder = suite("tree-construction")
    paths = sorted(os.path.relpath(os.path.join(base, name), folder)
                   for base, _, files in os.walk(folder) for name in files
                   if name.endswith(".dat"))
    for path in paths:
        if names and not any(n in path for n in names):
            continue
        with open(os.path.join(folder, path), encoding="utf-8", newline="") as file:
            for case in parse_dat(file.read()):
                yield path, case


def run_tree(tool, names):
    tests = list(tree_cases(names))
    runs, skipped = [], 0
    for index, (path, case) in enumerate(tests):
        if path.startswith(SCRIPTED):
            skipped += 1
            continue
        modes = ["on"] if "script-on" in case else ["off"] if "script-off" in case \
            else ["off", "on"]
        for mode in modes:
            options = ["--scripting", mode]
            if "document-fragment" in case:
                options += ["--fragment", case["document-fragment"].strip()]
            runs.append((index, mode, (raw(case["data"]), options)))
    answers = run_batch(tool, [each for _, _, each in runs])
    failed, excused = set(), set()
    for (index, mode, _), answer in zip(runs, answers):
        path, case = tests[index]
        if answer.decode("utf-8", "surrogatepass").rstrip("\n") == case["document"].rstrip("\n"):
            continue
        if any(path == file and piece in case["data"] for file, piece, _ in EXCEPTIONS):
            excused.add(index)
            continue
        failed.add(index)
        print(f"{path}, scripting {mode}:\n{case['data']}\nexpected\n{case['document'].rstrip()}\n"
              f"got\n{answer.decode('utf-8', 'replace')}")
    for file, piece, reason in EXCEPTIONS:
        count = sum(1 for index in excused if tests[index][0] == file
                    and piece in tests[index][1]["data"])
        print(f"tree: {count} excepted in {file}: {reason}")
        if not count and not names:
            fail(f"the exception for {file} is no longer needed: {piece}")
    print(f"tree: {skipped} cases in {SCRIPTED} not run: they need a script engine")
    passed = len(tests) - skipped - len(failed) - len(excused)
    print(f"tree construction: {passed} of {len(tests)} cases pass "
          f"({len(runs)} runs, most with scripting off and on)")
    return len(failed), len(tests)


def run_encoding(tool, names):
    tests, scripted = [], 0
    folder = suite("encoding")
    for base, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            path = os.path.relpath(os.path.join(base, name), folder)
            if not name.endswith(".dat") or (names and not any(n in path for n in names)):
                continue
            with open(os.path.join(base, name), "rb") as file:
                for block in re.split(rb"(?:\A|\n)#data\n", file.read())[1:]:
                    data, _, encoding = block.partition(b"\n#encoding\n")
                    if path.startswith(SCRIPTED):
                        scripted += 1
                        continue
                    tests.append((path, data, encoding.split(b"\n")[0].decode().lower()))
    answers = run_batch(tool, [(data, []) for _, data, _ in tests])
    failed = 0
    for (path, data, expected), answer in zip(tests, answers):
        if answer.decode().strip().lower() == expected:
            continue
        failed += 1
        print(f"{path}:\n{data[:1500]!r}\nexpected {expected}, got {answer.decode().strip()}")
    print(f"encoding: {len(tests) - failed} of {len(tests) + scripted} cases pass, "
          f"{scripted} scripted not run")
    return failed, len(tests)


def main():
    if len(sys.argv) < 4:
        fail("usage: html5lib.py HTML_TOKENS HTML_TREE HTML_ENCODING [NAME …]")
    names = sys.argv[4:]
    token_failures, token_count = run_tokenizer(sys.argv[1], names)
    tree_failures, tree_count = run_tree(sys.argv[2], names)
    encoding_failures, encoding_count = run_encoding(sys.argv[3], names)
    if not token_count + tree_count + encoding_count:
        fail("no case was found")
    sys.exit(1 if token_failures + tree_failures + encoding_failures else 0)


main()
