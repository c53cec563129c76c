# SPDX-License-Identifier: Apache-2.0
"""The catalogue: all requirements, measurands and standards that were loaded, with its hash."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from yanshou.model import Requirement, UsageError
from yanshou.model.demand import ClassDemand
from yanshou.model.record_fields import record_fields
from yanshou.standards.records import Measurand, Standard, as_record


@dataclass(frozen=True, slots=True)
class OverlayChange:
    """One change by a laboratory's overlay: ``kind`` is confirm, replace, add or class.

    Who, when, on what document.
    """

    kind: str
    requirement: str
    overlay: str
    by: str = ""
    date: str = ""
    document: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Requirements by id (in file order), measurands by id, standards by printed name.

    ``overlays`` names the laboratory files that were laid over it and ``changes`` says what each of them
    did: both belong in the report. ``classes`` are what classes of standards demand, as the overlays state.
    """

    requirements: Mapping[str, Requirement]
    measurands: Mapping[str, Measurand]
    standards: Mapping[str, Standard]
    overlays: tuple[str, ...] = ()
    changes: tuple[OverlayChange, ...] = ()
    classes: tuple[ClassDemand, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """The hash of the canonical JSON of every row: catalogues with equal hashes judge alike."""
        text = json.dumps(
            self._content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=record_fields
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def find(self, pattern: str) -> tuple[Requirement, ...]:
        """Find the rows whose id is ``pattern`` or matches it as a glob (``IAS-RT-*``).

        Raises UsageError naming the nearest ids when there is none.
        """
        found = tuple(row for row in self.requirements.values() if fnmatchcase(row.id, pattern))
        if found:
            return found
        raise UsageError(f"no requirement {pattern!r} in the catalogue.", self._nearest(pattern))

    def measuring(self, measurand: str) -> tuple[Requirement, ...]:
        """Every row judged on one measurand, higher rank first."""
        rows = [row for row in self.requirements.values() if row.measurand == measurand]
        return tuple(sorted(rows, key=lambda row: row.rank))

    def _nearest(self, pattern: str) -> str:
        close = difflib.get_close_matches(pattern.upper(), self.requirements, n=3, cutoff=0.5)
        hint = f"Did you mean {', '.join(close)}? " if close else ""
        return f"{hint}`yanshou catalogue list` shows all."

    def _content(self) -> dict[str, Any]:
        return {
            "requirements": [
                as_record(row) for row in sorted(self.requirements.values(), key=lambda r: r.id)
            ],
            "measurands": [record_fields(one) for _, one in sorted(self.measurands.items())],
            "standards": [record_fields(one) for _, one in sorted(self.standards.items())],
            "classes": [record_fields(one) for one in self.classes],
        }
