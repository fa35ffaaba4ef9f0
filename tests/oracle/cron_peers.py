#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random expressions in UTC: the times of cron_next against those of croniter and of systemd.

What the peers read differently is not asked: steps from a number (5/10) and day fields that begin with
*/ beside another (croniter takes them for restricting, cron does not). systemd wants both day fields
to hold, so only one of them restricts there.
"""
import argparse
import datetime
import random
import shutil
import subprocess
import sys

import packages

packages.enter()

from croniter import croniter  # pylint: disable=wrong-import-position

FIELDS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)]
WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
COUNT = 12


def element(dice, low, high):
    first, last = sorted((dice.randint(low, high), dice.randint(low, high)))
    if first == last or dice.random() < 0.5:
        return str(first)
    return f"{first}-{last}" + (f"/{dice.randint(2, 9)}" if dice.random() < 0.5 else "")


def field(dice, low, high, is_day):
    if dice.random() < (0.6 if is_day else 0.3):
        return "*"
    if not is_day and dice.random() < 0.3:
        return f"*/{dice.randint(2, high)}"
    return ",".join(element(dice, low, high) for _ in range(dice.randint(1, 3)))


def expressions(count):
    dice = random.Random(4711)
    while count:
        made = [field(dice, *FIELDS[i], i in (2, 4)) for i in range(5)]
        last_days = {"2": 29, "4": 30, "6": 30, "9": 30, "11": 30}
        if made[4] == "*" and made[3] in last_days and made[2] != "*":
            made[2] = str(dice.randint(1, 28))  # else it may never fire
        yield made, dice.randint(0, 2**32)
        count -= 1


def ours(program, asked):
    lines = "".join(f"{' '.join(fields)}\tUTC\t{start}\t{COUNT}\n" for fields, start in asked)
    answer = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def by_croniter(fields, start):
    times = croniter(" ".join(fields), start, max_years_between_matches=100)
    return " ".join(str(int(times.get_next(float))) for _ in range(COUNT))


def for_systemd(part, kind):
    """Each value by itself: systemd's steps and ranges have rules of their own."""
    if part == "*":
        return "*"
    low, high = FIELDS[kind]
    named = set()
    for item in part.replace("*", f"{low}-{high}").split(","):
        body, _, step = item.partition("/")
        first, _, last = body.partition("-")
        named.update(range(int(first), int(last or first) + 1, int(step or 1)))
    return ",".join(str(value) for value in sorted(named))


def by_systemd(fields, start):
    minute, hour, day, month, weekday = (for_systemd(part, i) for i, part in enumerate(fields))
    days = "" if weekday == "*" else ",".join(WEEKDAYS[int(day)] for day in weekday.split(",")) + " "
    calendar = f"{days}*-{month}-{day} {hour}:{minute}:00 UTC"
    since = datetime.datetime.fromtimestamp(start, datetime.timezone.utc)
    answer = subprocess.run(["systemd-analyze", "calendar", f"--iterations={COUNT}",
                             f"--base-time={since:%Y-%m-%d %H:%M:%S} UTC", calendar],
                            capture_output=True, text=True, check=True,
                            env={"TZ": "UTC", "PATH": "/usr/bin:/bin"})
    times = []
    for line in answer.stdout.splitlines():
        name, _, value = line.strip().partition(": ")
        if name.startswith(("Next elapse", "Iter")) and value != "never":
            written = " ".join(value.split()[1:3])
            times.append(datetime.datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(
                tzinfo=datetime.timezone.utc).timestamp())
    return " ".join(str(int(moment)) for moment in times)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    program = parser.parse_args().program
    asked = list(expressions(2000))
    answers = ours(program, asked)
    wrong, with_systemd = [], 0
    has_systemd = shutil.which("systemd-analyze") is not None
    for (fields, start), answer in zip(asked, answers, strict=True):
        peers = [by_croniter(fields, start)]
        one_day_field = fields[2] == "*" or fields[4] == "*"
        if has_systemd and one_day_field and with_systemd < 200:
            peers.append(by_systemd(fields, start))
            with_systemd += 1
        wrong += [(fields, start, answer, peer) for peer in peers if peer != answer]
    for case in wrong[:5]:
        print(*case, sep="\n  ")
    print(f"{len(asked)} expressions beside croniter, {with_systemd} beside systemd, {len(wrong)} differ")
    return 1 if wrong or len(asked) < 2000 else 0


if __name__ == "__main__":
    sys.exit(main())
