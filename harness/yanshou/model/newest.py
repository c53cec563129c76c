# SPDX-License-Identifier: Apache-2.0
"""A table that keeps only its newest entries: a device that sends without end cannot fill the memory."""

from __future__ import annotations

from collections import UserDict
from typing import TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")


class Newest(UserDict[_K, _V]):
    """At most ``most`` entries are kept, those that came last; an entry that changes keeps its place."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: _K, item: _V) -> None:
        self.data[key] = item
        while len(self.data) > self._most:
            del self.data[next(iter(self.data))]
