# SPDX-License-Identifier: Apache-2.0
"""Reads the 点位表 (device schedule) as designers and integrators write it, for ``yanshou init --from``.

The inventory of a site folder is read strictly (``yanshou.site.inventory``); this reading makes that
inventory. It never guesses: what it cannot know stays empty or keeps the words of the sheet, so that
``check`` asks for it, and each row that is not a plain device is reported with its sheet and line.
"""

from yanshou.site.schedule.draft import draft
from yanshou.site.schedule.drafted import Drafted
from yanshou.site.schedule.grids import read_sheets
from yanshou.site.schedule.records import OPEN, Fate, Row, ScheduleRemark, Why
from yanshou.site.schedule.rows import read_rows
from yanshou.site.schedule.template import write_template
from yanshou.site.schedule.written import inventory_text, kind_word

__all__ = [
    "OPEN",
    "Drafted",
    "Fate",
    "Row",
    "ScheduleRemark",
    "Why",
    "draft",
    "inventory_text",
    "kind_word",
    "read_rows",
    "read_sheets",
    "write_template",
]
