#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compound files for ole2_test.c: make_compounds.py FOLDER"""
import os
import sys

from compound import compound


def main():
    for name, data in (
            ("word.ole2", compound(["WordDocument", "1Table", "Data"])),
            ("large.ole2", compound(["WordDocument"], sector=4096)),
            ("many.ole2", compound(["stream%d" % i for i in range(200)] + ["Workbook"])),
            ("inside.ole2", compound(["Workbook"], inside=["WordDocument", "Data"])),
            ("loop.ole2", compound(["WordDocument"], loop=True)),
            ("broken.ole2", compound(["WordDocument"], broken=True)),
            ("empty.ole2", compound([]))):
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
