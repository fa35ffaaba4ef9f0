# SPDX-License-Identifier: Apache-2.0
"""The one exception of this package."""
from __future__ import annotations

STATUSES = (
    "OK", "INVALID_ARGUMENT", "INVALID_STATE", "IO", "HTTP", "TIMEOUT", "CANCELLED", "CORRUPT",
    "UNSUPPORTED", "LIMIT", "NO_MEMORY", "INTERNAL",
)  # include/quern/status.h; the numbers are fixed for ever
RETRYABLE = 1


class Error(Exception):
    """A call that could not be carried out; a document that fails is a row instead.

    status      a word: INVALID_ARGUMENT, INVALID_STATE, IO, HTTP, TIMEOUT, CANCELLED, CORRUPT,
                UNSUPPORTED, LIMIT, NO_MEMORY, INTERNAL
    where       the option, file, URL or call it is about
    message     a sentence for people
    retryable   may the same call succeed later?
    sys_errno, http_status   0 when there is none
    """

    def __init__(self, status: int | str, message: str, where: str = "", flags: int = 0,
                 sys_errno: int = 0, http_status: int = 0) -> None:
        super().__init__(status, message, where, flags, sys_errno, http_status)
        if isinstance(status, str):
            self.status = status
        else:
            self.status = STATUSES[status] if 0 <= status < len(STATUSES) else f"STATUS_{status}"
        self.message = message
        self.where = where
        self.retryable = bool(flags & RETRYABLE)
        self.sys_errno = sys_errno
        self.http_status = http_status

    def __str__(self) -> str:
        if self.where and self.where not in self.message:
            return f"{self.where}: {self.message}"
        return self.message
