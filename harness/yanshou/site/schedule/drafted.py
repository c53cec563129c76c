# SPDX-License-Identifier: Apache-2.0
"""A line of the inventory that is made from a designer's sheets."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.site.schedule.records import Row


@dataclass(frozen=True, slots=True)
class Drafted:
    """One line of the inventory to be, and the row it comes from; a kind not known is left to a person."""

    row: Row
    id: str
    name: str
    parent: str = ""
    number: str = ""
    attributes: tuple[str, ...] = ()
    host: str = ""
    port: str = ""
