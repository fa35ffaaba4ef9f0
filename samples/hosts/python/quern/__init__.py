# SPDX-License-Identifier: Apache-2.0
"""Documents become records: fetch, unpack, convert; the rows arrive as Arrow streams.

    import quern

    with quern.read("folder/", columns=["title", "status", "text"]) as reader:
        for batch in reader:                       # pyarrow.RecordBatch
            store(batch, reader.state)

    table = pyarrow.table(quern.read("https://example.org/", contact="me@example.org"))
    frame = polars.DataFrame(quern.convert(page, name="page.html"))

Options are keyword arguments; `quern.options()` lists them. What went wrong with a document stands in its
row (`status`, `error_code`); what went wrong with a call is raised as `quern.Error`.
"""
from ._errors import Error
from ._plugin import Column, Option, columns, formats, options, version
from ._read import Batch, Progress, Reader, Split, convert, plan, read, schema

__all__ = [
    "Batch", "Column", "Error", "Option", "Progress", "Reader", "Split",
    "columns", "convert", "formats", "options", "plan", "read", "schema", "version",
]
__version__ = "0.1.0"
