# SPDX-License-Identifier: Apache-2.0
"""robots.txt: random small files, read by two programs that are not ours. Where both say the same
of a path, so must tool_robots; where they differ, at least one of them departs from RFC 9309.

    robots.py TOOL_ROBOTS [FILES [SEED]]
"""
import random
import subprocess
import sys
import tempfile

import packages

packages.enter()

from gpyrobotstxt.robots_cc import RobotsMatcher  # noqa: E402
from protego import Protego  # noqa: E402

AGENTS = ["Quern", "Walker", "leaf-bot"]
PATHS_A_FILE = 12
AGREEMENT_MIN = 0.9
ENDS = ["\n", "\r\n"]


def some_path(dice, is_pattern):
    """A path of few letters, so that rules often match. Without // and /., where URLs begin to say
    something of their own."""
    pieces = ["a", "b", "ab", "/", ".", "-"] + (["*", "*"] if is_pattern else [])
    path = "/" + "".join(dice.choice(pieces) for _ in range(dice.randrange(6)))
    while "//" in path or "/." in path:
        path = path.replace("//", "/").replace("/.", "/")
    return path + ("$" if is_pattern and dice.randrange(5) == 0 else "")


def some_line(dice):
    """A line of robots.txt, most often a rule."""
    blank = dice.choice(["", " ", "\t"])
    kind = dice.choice(["agent"] * 2 + ["allow"] + ["disallow"] * 3 + ["none", "map"])
    if kind == "agent":
        name = dice.choice(AGENTS + ["*", "*"])
        key = dice.choice(["User-agent", "user-agent"])
        line = f"{key}{blank}: {dice.choice([name, name.upper()])}"
    elif kind == "map":
        line = "Sitemap: https://site.example/map.xml"
    elif kind == "none":
        line = dice.choice(["", "# a comment", "Unheard-of: x"])
    else:
        key = dice.choice([kind, kind.upper(), kind.title()])
        path = some_path(dice, True) if dice.randrange(12) else ""
        line = f"{key}{blank}:{blank}{path}"
    return line + dice.choice(["", "", blank, " # why"])


def some_file(dice):
    """Up to fourteen lines, all ended in the same way."""
    end = dice.choice(ENDS)
    return end.join(some_line(dice) for _ in range(dice.randrange(1, 15))) + dice.choice(["", end])


def ours(tool, content, agent, urls):
    """What tool_robots says of each URL."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content.encode())
        file.flush()
        done = subprocess.run([tool, agent, file.name], input="\n".join(urls) + "\n", text=True,
                              capture_output=True, check=True)
    return [line.split("\t")[0] == "allow" for line in done.stdout.splitlines()]


def main():
    """Compares, and says how often the two others agreed."""
    tool = sys.argv[1]
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 9309
    dice = random.Random(seed)
    asked = agreed = wrong = refused = 0
    for _ in range(files):
        content, agent = some_file(dice), dice.choice(AGENTS)
        urls = ["https://site.example" + some_path(dice, False) for _ in range(PATHS_A_FILE)]
        theirs = Protego.parse(content)
        for url, said in zip(urls, ours(tool, content, agent, urls), strict=True):
            asked += 1
            first = theirs.can_fetch(url, agent)
            second = RobotsMatcher().one_agent_allowed_by_robots(content.encode(), agent, url)
            if first != second:
                continue
            agreed += 1
            refused += not first
            if said != first:
                wrong += 1
                print(f"{agent} {url}: we say {said}, both others {first}, by\n{content}\n",
                      file=sys.stderr)
    print(f"{asked} paths, the two others agree on {agreed} ({refused} refused), "
          f"{wrong} judged otherwise by us (seed {seed})")
    if agreed < asked * AGREEMENT_MIN or refused < asked / 20 or wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
