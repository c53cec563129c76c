# SPDX-License-Identifier: Apache-2.0
"""Runs single items of an example that need a person and no device, with some of the answers changed."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from tests.support.places import EXAMPLES, SUITES
from yanshou.equipment.instruments import ManualMeter
from yanshou.fixtures.asking import Ask
from yanshou.fixtures.declared import MARK
from yanshou.fixtures.devices import instrument_of
from yanshou.fixtures.duty import Duty
from yanshou.fixtures.opened import note_opened
from yanshou.fixtures.prepare import Prepared, conditions_of, prepare
from yanshou.fixtures.record import Record
from yanshou.model import Finding, NotApplicable, RigFault, Site, utc_now
from yanshou.operator import (
    Album,
    Answer,
    NumberQuestion,
    Operator,
    PhotoQuestion,
    Question,
    ScriptedOperator,
)
from yanshou.operator.checks import checked
from yanshou.planning.audit import PlanAudit
from yanshou.session.session import Session

NOT_TESTED, NOT_APPLICABLE = "not_tested", "not_applicable"
_FOLDERS = ("site_compliance", "earthing", "monitoring_centre", "power")


class Otherwise:
    """The written answers of an example, some of which a person gives otherwise; all are checked as usual."""

    def __init__(self, path: Path, otherwise: Mapping[str, object]) -> None:
        self._album = Album()
        self._written = written = ScriptedOperator(path, self._album)
        self._otherwise = otherwise
        self.name, self.witness, self.language = written.name, written.witness, written.language
        self.asked: list[str] = []

    def take_over(self, name: str, witness: str) -> None:
        """From now on these persons answer and witness."""
        self.name, self.witness = name, witness

    def ask(self, question: Question) -> Answer:
        """The other answer if there is one, else the written one."""
        self.asked.append(question.key)
        if question.key not in self._otherwise:
            return self._written.ask(question)
        other = self._otherwise[question.key]
        unit = question.unit if isinstance(question, NumberQuestion) and not isinstance(other, str) else ""
        value = checked(question, other, unit, self._written.path.parent)
        if isinstance(question, PhotoQuestion):
            self._album.keep(question, Path(str(value)))
        return Answer(question.key, value, self.name, utc_now(), unit=unit)


@dataclass(frozen=True, slots=True)
class DutyResult:
    """What became of an item: its verdict, or why there is none, and the finding of its first row."""

    verdict: str
    why: str
    finding: Finding | None = None
    asked: tuple[str, ...] = ()


class DutyBench:
    """One example, prepared once; nothing of it is ever opened."""

    def __init__(self, example: str, run: Path) -> None:
        self._example = EXAMPLES / example
        self.prepared: Prepared = prepare(self._example, run)
        self.journal = self.prepared.run.journal()
        if not self.journal.lines:
            note_opened(self.journal, self.prepared, conditions_of(self.prepared.plan, limits_confirmed=True))

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()

    def tell(
        self,
        measurand: str,
        device: str = "SITE",
        otherwise: Mapping[str, object] | None = None,
        *,
        site: Site | None = None,
        operator: Operator | None = None,
    ) -> DutyResult:
        """Do the item of a measurand at a device, with some answers, or the site itself, otherwise."""
        person = operator or Otherwise(
            self._example / "answers.toml", {f"{device}.{key}": one for key, one in (otherwise or {}).items()}
        )
        session = self._session(site or self.prepared.site, person)
        item = next(one for one in session.plan.items if (one.measurand, one.device) == (measurand, device))
        session.item_journal.item = item.id
        record = Record(session, item, conditions_of(session.plan, limits_confirmed=True))
        record.begin()
        asked = tuple(getattr(person, "asked", ()))
        try:
            _test_of(measurand)(**_arguments(measurand, session, record, device))
            finding = record.conclude()[0]
        except RigFault as fault:
            return DutyResult(NOT_TESTED, str(fault), asked=asked)
        except NotApplicable as error:
            return DutyResult(NOT_APPLICABLE, str(error), asked=asked)
        return DutyResult(finding.verdict.value, finding.reason, finding, tuple(getattr(person, "asked", ())))

    def _session(self, site: Site, operator: Operator) -> Session:
        made = replace(self.prepared, site=site)
        rows = dict(made.requirements)
        return Session(site, made.plan, rows, made.registry, operator, made.run, self.journal)


def _arguments(measurand: str, session: Session, record: Record, device: str) -> dict[str, object]:
    """What the suite's fixtures give the test, without pytest."""
    ask = Ask(session.operator, session.item_journal, record, device)
    today = datetime.now(ZoneInfo(session.site.time_zone)).date()
    item = next(one for one in session.plan.items if (one.measurand, one.device) == (measurand, device))
    made: dict[str, Callable[[], object]] = {
        "site": lambda: session.site,
        "device": lambda: session.device(device),
        "ask": lambda: ask,
        "record": lambda: record,
        "duty": lambda: Duty(session.site, item, ask, record, {}),
        "audit": lambda: PlanAudit(session.plan, session.site, session.registry, today),
        "manual_meter": lambda: lambda kind: ManualMeter(instrument_of(session, record, kind), ask.number),
    }
    return {name: made[name]() for name in inspect.signature(_test_of(measurand)).parameters}


@cache
def _tests() -> dict[str, Callable[..., None]]:
    found: dict[str, Callable[..., None]] = {}
    for path in (one for name in _FOLDERS for one in sorted((SUITES / name).glob("test_*.py"))):
        for member in vars(_module(path)).values():
            for mark in getattr(member, "pytestmark", []):
                if mark.name == MARK:
                    found[mark.args[0].measurand] = member
    return found


def _test_of(measurand: str) -> Callable[..., None]:
    return _tests()[measurand]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_duty_bench_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
