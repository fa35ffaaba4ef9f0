# SPDX-License-Identifier: Apache-2.0
"""The plugin: found and loaded at the first use, never at import, so that a host may fork before."""
from __future__ import annotations

import functools
import logging
import os
import pathlib
import tomllib
from dataclasses import dataclass
from typing import Any

from . import _core
from ._errors import Error

log = logging.getLogger("quern")
LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)


def write_log(level: int, message: str) -> None:
    log.log(LEVELS[level] if 0 <= level < len(LEVELS) else logging.ERROR, "%s", message)


def load() -> dict[str, Any]:
    """The plugin beside this file, or what the variable QUERN_PLUGIN names."""
    named = os.environ.get("QUERN_PLUGIN") or str(pathlib.Path(__file__).parent)
    return _core.load(os.fsencode(named), Error)


def version() -> str:
    """The plugin's version."""
    return str(load()["version"])


@functools.cache
def manifest() -> dict[str, Any]:
    return dict(tomllib.loads(load()["manifest"])["quern"])


@dataclass(frozen=True)
class Option:
    """A keyword that `read`, `plan` and `convert` take."""
    name: str
    type: str
    default: Any
    sentence: str
    unit: str | None = None
    min: int | None = None
    max: int | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the records."""
    name: str
    type: str
    nullable: bool
    sentence: str


def options() -> dict[str, Option]:
    """Every option by name, as the plugin describes them."""
    return {row["name"]: Option(**{**row, "choices": tuple(row.get("choices", ()))})
            for row in manifest()["options"]}


def columns() -> dict[str, Column]:
    """Every column by name, in the order of the records."""
    return {row["name"]: Column(**row) for row in manifest()["columns"]}


def formats() -> dict[str, list[str]]:
    """Which formats are converted, recognised only, or unpacked."""
    return dict(manifest()["formats"])
