# SPDX-License-Identifier: Apache-2.0
"""What a row of a designer's sheet became, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yanshou.model import DeviceKind, System


class Fate(StrEnum):
    """What became of a row."""

    DEVICE = "device"
    UNCLEAR = "unclear"  # a device whose kind a person must say
    UNTESTED = "untested"  # equipment that no clause tests
    SAME = "same"  # a device that another row lists already
    QUANTITIES = "quantities"  # a line of a bill whose devices stand on the other sheets
    TEXT = "text"  # a title, a section, a total, a remark


class Why(StrEnum):
    """Why something is told to the user."""

    UNCLEAR = "unclear"
    UNTESTED = "untested"
    NOT_INSTALLED = "not installed"
    SAME = "same"
    TEXT = "text"
    HIDDEN_ROW = "hidden row"
    HIDDEN_SHEET = "hidden sheet"
    NO_HEAD = "no head"
    COVER = "cover"
    COLUMN_UNKNOWN = "column unknown"
    COLUMN_TWICE = "column twice"
    COLUMN_READ = "column read"
    SECRET = "secret"  # noqa: S105 - names a reason
    CELL = "cell"
    ATTRIBUTE = "attribute"
    SYSTEM = "system"
    SYSTEM_OTHER = "system other"
    ID = "id"
    ID_TWICE = "id twice"
    NUMBER = "number"
    PARENT = "parent"
    PARENT_MADE = "parent made"
    PARENT_MISSING = "parent missing"
    DOORS_MISSING = "doors missing"
    ADDRESS = "address"
    ADDRESS_TWICE = "address twice"
    PORT = "port"
    PROTOCOL = "protocol"
    QUANTITY = "quantity"
    QUANTITY_SPLIT = "quantity split"
    BILL = "bill"


OPEN = frozenset(Why) - {
    *(Why.UNTESTED, Why.SAME, Why.TEXT, Why.SYSTEM_OTHER, Why.SECRET, Why.ID, Why.COVER, Why.COLUMN_READ)
}
"""What a person still has to decide or to look at."""


@dataclass(frozen=True, slots=True)
class ScheduleRemark:
    """One thing told: where it stands, why, and the words of the sheet it is about."""

    sheet: str
    line: int | None
    why: Why
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its cells by canonical column, and what it is."""

    sheet: str
    line: int
    fate: Fate
    text: str
    cells: Mapping[str, str] = field(default_factory=dict)
    kind: DeviceKind | None = None
    system: System | None = None
    attributes: str = ""
    extra: tuple[tuple[str, str], ...] = ()  # head and value of the columns that may be attributes
    counted: bool = False  # of a table that counts things of each place

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty when the sheet has no such column."""
        return self.cells.get(column, "")
