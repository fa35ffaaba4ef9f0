# SPDX-License-Identifier: Apache-2.0
"""Quern in Spark 4: `format("quern")`, batch and streaming, and conversion of binary files.

    import quern_spark
    quern_spark.register(spark)
    spark.read.format("quern").option("columns", "id,title,text").load("folder/")

One split of the plugin's plan is one partition, so all URLs of one web host are read by one task, and a
host is asked as often as `delay_ms` says, however large the cluster. A task that is tried again reads its
split again; upsert by `id` makes that once in effect. Nothing of the plugin is loaded at import: Spark
forks its Python workers.
"""
import hashlib
import json
import os
import re
import sys
import urllib.parse

from pyspark import cloudpickle
from pyspark.sql.datasource import (DataSource, DataSourceReader, DataSourceStreamReader,
                                    InputPartition)
from pyspark.sql.types import StructType

try:  # since Spark 4.2
    from pyspark.sql.streaming.datasource import (ReadAllAvailable, ReadMaxFiles,
                                                  SupportsTriggerAvailableNow)
except ImportError:
    SupportsTriggerAvailableNow = object

OWN_OPTIONS = {"columns", "splits_per_batch", "path", "paths"}
INPUT_OPTIONS = ("input", "input_file")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
CONVERT_BYTES = 8 << 20  # of records in one batch that convert() gives


def register(spark):
    """Makes format("quern") known. This module travels by value: the process that plans a stream sees
    no files that were added, and only `quern` itself has to be installed on the nodes."""
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    spark.dataSource.register(QuernSource)


def schema(columns=None):
    """The records as a StructType; Spark's Arrow types for it are the plugin's, one by one."""
    import quern
    from pyspark.sql.pandas.types import from_arrow_schema
    return from_arrow_schema(quern.schema(columns))


def convert(columns=None, **options):
    """For mapInArrow over format("binaryFile"): path and content become records.

    The path as a whole is the record's `url` (file:/…, s3a://…), so that files of one name in two
    folders stay two. The content is lent to the plugin where Arrow has it."""
    def convert_batches(batches):
        import quern
        for batch in batches:
            kept, size = [], 0
            for path, content in zip(batch["path"].to_pylist(), batch["content"]):
                data = content.as_buffer() if content.is_valid else b""
                with quern.convert(data, name=path, url=_file_url(path), columns=columns,
                                   **options) as reader:
                    for records in reader:
                        kept.append(records)
                        size += records.nbytes
                if size >= CONVERT_BYTES:
                    yield _joined(kept)
                    kept, size = [], 0
            if kept:
                yield _joined(kept)
    return convert_batches


def _file_url(path):
    """Spark's paths look like URLs and are none: what would end one early is percent-encoded."""
    return re.sub("[\0-\x20%?#]", lambda match: urllib.parse.quote(match[0]), path)


def _joined(batches):
    import pyarrow
    return pyarrow.Table.from_batches(batches).combine_chunks().to_batches()[0]


class Split(InputPartition):
    def __init__(self, data, documents):
        super().__init__(data)
        self.documents = documents


class QuernSource(DataSource):
    """Options: those of the plugin (lists as JSON), `columns` (names with commas between, or JSON),
    and for a stream `splits_per_batch`. What load() is given is added to `input`."""

    made = False  # a reader, in this process

    @classmethod
    def name(cls):
        return "quern"

    def schema(self):
        return schema(_list(self.options.get("columns")))

    def reader(self, schema):
        return self._made(QuernReader(self.options, schema))

    def streamReader(self, schema):
        return self._made(QuernStreamReader(self.options, schema))

    def _made(self, reader):
        self.made = True
        return reader

    def __getstate__(self):
        # Spark sends the source to every task beside its reader, and asks it there for its name only.
        return {**self.__dict__, "options": {}} if self.made else self.__dict__


class _Reading:
    """What batch and stream share. Pickled to the executors, so it holds plain values only."""

    def __init__(self, options, schema):
        given = dict(options)
        self.options = {key: value for key, value in given.items() if key not in OWN_OPTIONS}
        inputs = _inputs(self.options.get("input")) + (
            _inputs(given.get("paths")) or ([given["path"]] if given.get("path") else []))
        if inputs:
            self.options.update(_absolute(inputs, self.options.get("root", "")))
        self.splits_per_batch = _number(given.get("splits_per_batch"))
        self.columns = schema.fieldNames()
        self.nullable = _check_types(schema)

    def __getstate__(self):
        # The splits carry the inputs; a list of a million URLs does not go with each task.
        kept = {key: value for key, value in self.__dict__.items() if key != "planned"}
        kept["options"] = {key: value for key, value in self.options.items()
                           if key not in INPUT_OPTIONS}
        return kept

    def plan(self):
        import quern
        return [Split(each.bytes, each.documents) for each in quern.plan(**self.options)]

    def batches(self, partition):
        if not hasattr(partition, "documents"):  # how Spark says that there are no partitions
            return
        import quern
        split = quern.Split(partition.value, partition.documents, -1, {})
        options = {key: value for key, value in self.options.items() if key not in INPUT_OPTIONS}
        with quern.read(splits=[split], columns=self.columns, **options) as reader:
            schema = reader.schema
            if self.nullable:
                schema = _with_nullable(schema, self.nullable)
            for batch in reader:  # the same buffers, whatever the schema says of nulls
                yield (type(batch).from_arrays(batch.columns, schema=schema) if self.nullable
                       else batch)


class QuernReader(_Reading, DataSourceReader):
    def partitions(self):
        return self.plan()

    def read(self, partition):
        return self.batches(partition)


class QuernStreamReader(_Reading, DataSourceStreamReader, SupportsTriggerAvailableNow):
    """Offsets are {"plan": hash, "position": n}: the first n splits were given out. They are fixed on
    the driver; what a task reads is decided by two offsets, and no state comes back from it."""

    planned = None

    def _splits(self):
        if self.planned is None:
            splits = self.plan()
            digest = hashlib.sha256()
            for split in splits:
                digest.update(len(split.value).to_bytes(8, "big") + split.value)
            self.planned = digest.hexdigest(), splits
        return self.planned

    def _check(self, offset):
        plan, splits = self._splits()
        position = offset.get("position")
        if offset.get("plan") != plan or type(position) is not int \
                or not 0 <= position <= len(splits):
            raise ValueError("the inputs or options are not those that this checkpoint was begun with; "
                             "begin a new one, and upsert by id")
        return position

    def initialOffset(self):
        return {"plan": self._splits()[0], "position": 0}

    def getDefaultReadLimit(self):
        return ReadMaxFiles(self.splits_per_batch) if self.splits_per_batch else ReadAllAvailable()

    def prepareForTriggerAvailableNow(self):
        self._splits()  # the plan is made once in any case

    def latestOffset(self, start=None, limit=None):
        """Spark 4.2 and later say where it starts and how much may come, a split counting as a file;
        before, one micro-batch takes all splits."""
        plan, splits = self._splits()
        end = len(splits)
        if start is not None and hasattr(limit, "max_files"):
            end = min(end, self._check(start) + limit.max_files)
        return {"plan": plan, "position": end}

    def partitions(self, start, end):
        return self._splits()[1][self._check(start):self._check(end)]

    def read(self, partition):
        return self.batches(partition)

    def commit(self, end):
        pass

    def stop(self):
        pass


def _json_list(text):
    """The items of a JSON array of texts; None when the text is no array at all."""
    if not text.lstrip().startswith("["):
        return None
    try:
        items = json.loads(text)
    except ValueError:
        items = [None]
    if not all(isinstance(each, str) for each in items):
        raise ValueError(f"not a JSON array of texts: {text[:80]}")
    return items


def _list(text):
    if not text:
        return None
    items = _json_list(text)
    return [each.strip() for each in text.split(",")] if items is None else items


def _inputs(text):
    """A JSON array or one bare text, as the plugin has it."""
    if not text:
        return []
    items = _json_list(text)
    return [text] if items is None else items


def _absolute(inputs, root):
    """A worker's folder is not the driver's. What the documents are named stays what it would be."""
    here, given = os.getcwd(), []
    for each in inputs:
        if each.startswith(("keep:", "warc:")):
            each = each[:5] + os.path.abspath(each[5:])
        given.append(each if SCHEME.match(each) else os.path.abspath(each))
    relative = any(each != old for each, old in zip(given, inputs) if not old.startswith(("keep:", "warc:")))
    if relative and not root and not (len(given) == 1 and os.path.isdir(given[0])):
        root = here
    return {"input": given, "root": os.path.abspath(root) if root else ""}


def _number(text):
    if text is None:
        return 0
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"splits_per_batch must be a number from 1, not {text!r}")
    if SupportsTriggerAvailableNow is object:
        raise ValueError("splits_per_batch needs Spark 4.2; before, one micro-batch takes all splits")
    return int(text)


def _check_types(given: StructType):
    """A schema of the user's own must be the plugin's, type for type: Spark itself does not look, or
    says it in words of Arrow. The columns that it lets be null and the plugin does not are answered."""
    looser = []
    for theirs, own in zip(given, schema(given.fieldNames())):
        if theirs.dataType != own.dataType:
            raise ValueError(f"the column {own.name} is {own.dataType.simpleString()}, not "
                             f"{theirs.dataType.simpleString()}")
        if own.nullable and not theirs.nullable:
            raise ValueError(f"the column {own.name} may be null")
        if theirs.nullable and not own.nullable:
            looser.append(own.name)
    return looser


def _with_nullable(schema, names):
    import pyarrow
    return pyarrow.schema([field.with_nullable(True) if field.name in names else field
                           for field in schema])
