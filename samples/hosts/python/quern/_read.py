# SPDX-License-Identifier: Apache-2.0
"""Reading sources and converting bytes."""
from __future__ import annotations

import contextlib
import json
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from . import _core, _plugin
from ._errors import Error

if TYPE_CHECKING:
    import pyarrow

Input = Union[str, "os.PathLike[str]"]
Value = Union[str, int, bool, "os.PathLike[str]", Sequence[Union[str, "os.PathLike[str]"]], None]
STATE_VERSION = 1


@dataclass(frozen=True)
class Progress:
    """How far a reader is; unknown numbers are -1."""
    documents_done: int
    documents_total: int  # of the whole read when progress was asked for as a bar, else of the split
    records: int          # of the split
    received_bytes: int   # of the split
    wait_ms: int          # until it may ask a host again; 0: it works
    current: str


@dataclass(frozen=True)
class Split:
    """A piece of work; picklable, and readable in another process: `quern.read(splits=[split])`."""
    bytes: bytes
    documents: int
    bytes_estimate: int  # -1: unknown
    summary: dict[str, Any]  # whom it asks how often, by web host


class Batch:
    """Records as an Arrow array in PyCapsules; what iteration gives where pyarrow is not installed."""

    def __init__(self, schema: object, array: object) -> None:
        self._schema, self._array = schema, array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return self._schema, self._array


# --- what is handed to the plugin: bytes without NUL ---

def _encode(where: str, text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise Error("INVALID_ARGUMENT", "is not valid Unicode; a path that is not UTF-8 is named as a "
                    "file: URL, as in file:///folder/%CE%C4.txt", where) from None
    if b"\0" in data:
        raise Error("INVALID_ARGUMENT", "must not contain U+0000", where)
    return data


def _text(where: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (str, os.PathLike)):
        path = os.fspath(value)
        if isinstance(path, str):
            return path
    raise Error("INVALID_ARGUMENT", f"a {type(value).__name__} is no text, number or list of texts",
                where)


def _input(value: Any) -> str:
    """A path of other bytes than UTF-8, as os.listdir gives it, goes as a file: URL."""
    text = _text("input", value)
    try:
        text.encode()
    except UnicodeEncodeError:
        if "\0" not in text:
            with contextlib.suppress(ValueError):  # lone surrogates that stand for no byte
                return pathlib.Path(text).absolute().as_uri()
    return text


def _option(key: str, value: Any) -> tuple[bytes, bytes]:
    if isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            _encode(key, _text(key, each))
        text = json.dumps([_text(key, each) for each in value], ensure_ascii=False)
    else:
        text = _text(key, value)
    return _encode("option", key), _encode(key, text)


def _options(inputs: Any, options: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    given = {key: value for key, value in options.items() if value is not None}
    if inputs is not None:
        if isinstance(inputs, (str, os.PathLike)):
            inputs = [inputs]
        elif not isinstance(inputs, Iterable) or isinstance(inputs, (bytes, bytearray)):
            raise Error("INVALID_ARGUMENT", "takes a URL or path, or several of them", "input")
        if "input" in given:
            raise Error("INVALID_ARGUMENT", "is given twice", "input")
        # As a list even when it is one, for a bare text that looks like JSON would be read as such.
        given["input"] = [_input(each) for each in inputs]
    return [_option(key, value) for key, value in given.items()]


def _need_input(options: list[tuple[bytes, bytes]]) -> None:
    """An empty list is read as nothing; no list at all is a mistake."""
    if not {key for key, _ in options} & {b"input", b"input_file"}:
        raise Error("INVALID_ARGUMENT", "names nothing to read: give URLs, paths or input_file",
                    "input")


def _columns(columns: Sequence[str] | None) -> list[bytes] | None:
    if columns is None:
        return None
    if isinstance(columns, (str, bytes)):
        raise Error("INVALID_ARGUMENT", "takes a list of names", "columns")
    return [_encode("columns", _text("columns", name)) for name in columns]


def _optional(where: str, value: Any) -> str | None:
    return None if value is None else _encode(where, _text(where, value)).decode()


# --- state ---

def _write_state(position: int, plan: int, state: bytes) -> str:
    return json.dumps({"v": STATE_VERSION, "position": position, "plan": f"{plan:016x}",
                       "state": state.decode()}, ensure_ascii=False)


def _read_state(state: str | bytes | None) -> tuple[int, int, bytes]:
    if state is None:
        return 0, 0, b""
    try:
        given = json.loads(state)
        position, plan, inner = given["position"], int(given["plan"], 16), given["state"].encode()
        if given["v"] != STATE_VERSION or type(position) is not int \
                or not 0 <= position < 1 << 62 or not 0 <= plan < 1 << 64:
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Error("CORRUPT", "is not what the state of a reader gave", "state") from None
    return position, plan, inner


# --- progress ---

@dataclass
class _Bar:
    """A tqdm bar, opened at the first news."""
    total: int | None
    bar: Any = None

    def __call__(self, done: int, total: int, records: int, received: int, wait_ms: int,
                 current: str) -> None:
        if self.bar is None:
            from tqdm.auto import tqdm
            self.bar = tqdm(total=self.total, unit="doc", dynamic_ncols=True)
        self.bar.set_postfix_str(f"waits {wait_ms / 1000:.1f} s for {current}" if wait_ms > 0
                                 else current, refresh=False)
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def _follow(progress: Any, options: list[tuple[bytes, bytes]],
            splits: Sequence[Split] | None) -> tuple[Any, _Bar | None]:
    if not progress:
        return None, None
    if callable(progress):
        return lambda *numbers: progress(Progress(*numbers)), None
    try:
        import tqdm.auto  # noqa: F401
    except ImportError:
        raise Error("UNSUPPORTED", "needs the package tqdm, or a function to call",
                    "progress") from None
    known = (_core.Plan(options, _plugin.write_log) if splits is None
             else ((each.bytes, each.documents) for each in splits))
    bar = _Bar(sum(each[1] for each in known))
    return bar, bar


class Reader:
    """A stream of records, read once: by iteration, or by whoever takes `__arrow_c_stream__`.

    Iteration gives a `pyarrow.RecordBatch` (without pyarrow, a `quern.Batch`) and raises `quern.Error`,
    or what a signal handler raised: KeyboardInterrupt ends a wait within 100 ms. A library that takes
    the stream itself raises its own error instead, with the same text.
    """

    def __init__(self, core: _core.Stream, bar: _Bar | None = None) -> None:
        self._core, self._bar = core, bar
        self._closed = False

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The stream as a PyCapsule. The schema is as it is, whatever is requested."""
        self._check()
        return self._core.capsule()

    def __arrow_c_schema__(self) -> object:
        """Its schema as a PyCapsule."""
        self._check()
        return self._core.schema()

    def __iter__(self) -> Iterator[Any]:
        self._check()
        as_batch = _as_batch()
        try:
            while (got := self._core.next()) is not None:
                yield as_batch(Batch(*got))
        finally:
            self._finish_bar()

    def read_all(self) -> pyarrow.Table:
        """Everything as one pyarrow.Table."""
        import pyarrow
        return pyarrow.Table.from_batches(list(self), schema=pyarrow.schema(self))

    @property
    def schema(self) -> pyarrow.Schema:
        """The schema as a pyarrow.Schema."""
        import pyarrow
        return pyarrow.schema(self)

    @property
    def state(self) -> str:
        """JSON that `read(..., state=…)` goes on from: all up to the last batch that was taken.

        Store it in the transaction that stores the batch."""
        return _write_state(*self._core.state())

    def cancel(self) -> None:
        """Ends a read that is under way in any thread, and all later ones, with CANCELLED."""
        self._core.cancel()

    def close(self) -> None:
        """Cancels, and closes connections and files. Batches stay; may be called twice."""
        self._closed = True
        self._core.close()
        self._finish_bar()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _check(self) -> None:
        if self._closed:
            raise Error("INVALID_STATE", "the reader was closed", "reader")

    def _finish_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _as_batch() -> Callable[[Batch], Any]:
    try:
        import pyarrow
    except ImportError:
        return lambda batch: batch
    return pyarrow.record_batch  # type: ignore[no-any-return,unused-ignore]


def read(inputs: Input | Iterable[Input] | None = None, *, columns: Sequence[str] | None = None,
         state: str | bytes | None = None, splits: Sequence[Split] | None = None,
         progress: bool | Callable[[Progress], object] = False, **options: Value) -> Reader:
    """Reads URLs, files and folders; one split after the other in one stream.

    inputs     a URL or path, or several; patterns are not expanded: Path.glob gives paths
    columns    names in the order wanted, None for all; what is not asked for is not paid for
    state      what `Reader.state` gave, to go on from there with the same inputs and options
    splits     only these, of `plan` with the same options
    progress   True for a tqdm bar, or a function that takes a `quern.Progress`
    options    see `quern.options()`; lists may be Python lists
    """
    _plugin.load()
    given = _options(inputs, options)
    if splits is None:
        _need_input(given)
    position, plan_hash, inner = _read_state(state)
    told, bar = _follow(progress, given, splits)
    pieces = None if splits is None else [each.bytes for each in splits]
    return Reader(_core.Stream(given, _columns(columns), pieces, None, position, plan_hash, inner,
                               _plugin.write_log, told), bar)


def convert(data: Any, *, name: str | None = None, url: str | None = None,
            media_type: str | None = None, columns: Sequence[str] | None = None,
            **options: Value) -> Reader:
    """The same records from bytes you hold (anything with the buffer protocol); an archive gives several.

    name, url    name the document in its id; the URL is also the base of relative links
    media_type   as declared, may have parameters: "text/html; charset=GBK"
    """
    _plugin.load()
    source = (data, _optional("name", name), _optional("url", url),
              _optional("media_type", media_type))
    return Reader(_core.Stream(_options(None, options), _columns(columns), None, source, 0, 0, b"",
                               _plugin.write_log, None))


def plan(inputs: Input | Iterable[Input] | None = None, **options: Value) -> Iterator[Split]:
    """The splits of what `read` would read, without asking anybody; options are checked at once."""
    _plugin.load()
    given = _options(inputs, options)
    _need_input(given)
    walk = _core.Plan(given, _plugin.write_log)
    return (Split(data, documents, estimate, json.loads(summary))
            for data, documents, estimate, summary in walk)


def schema(columns: Sequence[str] | None = None) -> pyarrow.Schema:
    """The schema of such records as a pyarrow.Schema."""
    with contextlib.closing(convert(b"", columns=columns)) as reader:
        return reader.schema
