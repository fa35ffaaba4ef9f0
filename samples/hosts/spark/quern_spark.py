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
import sys

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

    The path as a whole is the document's name, so that files of one name in two folders stay two."""
    def convert_batches(batches):
        import quern
        for batch in batches:
            kept = []
            for path, content in zip(batch["path"].to_pylist(), batch["content"]):
                data = content.as_buffer() if content.is_valid else b""
                with quern.convert(data, name=path, columns=columns, **options) as reader:
                    kept += reader
                if sum(each.nbytes for each in kept) >= CONVERT_BYTES:
                    yield _joined(kept)
                    kept = []
            if kept:
                yield _joined(kept)
    return convert_batches


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

    @classmethod
    def name(cls):
        return "quern"

    def schema(self):
        return schema(_list(self.options.get("columns")))

    def reader(self, schema):
        return QuernReader(self.options, schema)

    def streamReader(self, schema):
        return QuernStreamReader(self.options, schema)


class _Reading:
    """What batch and stream share. Pickled to the executors, so it holds plain values only."""

    def __init__(self, options, schema):
        given = dict(options)
        self.options = {key: value for key, value in given.items() if key not in OWN_OPTIONS}
        paths = _inputs(given.get("paths")) or ([given["path"]] if given.get("path") else [])
        if paths:
            self.options["input"] = _inputs(self.options.get("input")) + paths
        self.splits_per_batch = _number(given.get("splits_per_batch"))
        self.columns = schema.fieldNames()
        _check_types(schema)

    def __getstate__(self):
        # The splits carry the inputs; a list of a million URLs does not go with each task.
        kept = dict(self.__dict__)
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
            yield from reader


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
        if offset["plan"] != plan or not 0 <= offset["position"] <= len(splits):
            raise ValueError("the inputs or options are not those that this checkpoint was begun with; "
                             "begin a new one, and upsert by id")
        return offset["position"]

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


def _list(text):
    if not text:
        return None
    if isinstance(text, str) and text.lstrip().startswith("["):
        return [str(each) for each in json.loads(text)]
    return [each.strip() for each in text.split(",")]


def _inputs(text):
    """A JSON array or one bare text, as the plugin has it."""
    if not text:
        return []
    return [str(each) for each in json.loads(text)] if text.lstrip().startswith("[") else [text]


def _number(text):
    if text is None:
        return 0
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"splits_per_batch must be a number from 1, not {text!r}")
    return int(text)


def _check_types(given: StructType):
    """A schema of the user's own must be the plugin's, type for type: Spark itself does not look."""
    for theirs, own in zip(given, schema(given.fieldNames())):
        if theirs.dataType.simpleString() != own.dataType.simpleString():
            raise ValueError(f"the column {own.name} is {own.dataType.simpleString()}, not "
                             f"{theirs.dataType.simpleString()}")
