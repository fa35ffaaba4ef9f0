# SPDX-License-Identifier: Apache-2.0
"""Other tools on the same pages."""


def records(sets, work):
    """tool → name → record."""
    return {}
