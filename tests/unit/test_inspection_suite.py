# SPDX-License-Identifier: Apache-2.0
"""The steps of security inspection with written answers: the verdict on each answer and instrument."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.places import SUITES
from yanshou.equipment.instruments import Calibrated, ManualMeter
from yanshou.evidence import BlobStore, Journal
from yanshou.fixtures.inspection import Bodies
from yanshou.fixtures.record import Record
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.metrology import Conditions
from yanshou.model import Instant, Plan, PlanItem, RigFault, Verdict
from yanshou.rig.calibration import Calibration
from yanshou.rig.item_journal import ItemJournal
from yanshou.standards.catalogue import Catalogue

FAR, PAST = date(2999, 1, 1), date(2021, 1, 1)
SPANS = {
    "dosimeter": Range("air_kerma", 1.0, 1e4, "uGy", U_rel=0.1),
    "kerma_rate_meter": Range("air_kerma_rate", 0.05, 100.0, "uGy/h", U_rel=0.12),
    "length_meter": Range("length", 0.0, 5.0, "m", U=0.0003),
    "stopwatch": Range("duration", 0.1, 36000.0, "s", U=0.05),
}
LEAK = {"leak.background": 0.11, "leak.*": 0.4, "reached.*": True}
DOSE = {"dose.background": 0.02, "dose.passes*": 10.0, "dose.total*": 21.5}
SPEED = {"belt.length": 2.0, "belt.time*": 9.6}
SHIFT = {"*.before.*": 0.042, "*.after.*": 0.043, "forward.ran": 601.0, "reverse.ran": 30.0}
BODY = {"body.serial": "TB-1", "body.certificate": "C-1", "body.due": str(FAR), "body.page": "sha"}
PRIVATE = {"privacy.*": True}
DISPOSAL = {"explosive.*": True, "explosive.which": "FBG-1", "explosive.keeper": "王五"}


def function(measurand: str) -> Callable[..., None]:
    """The test of the suite that measures it."""
    for path in sorted((SUITES / "security_inspection").glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(f"_read_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for member in vars(module).values():
            if any(mark.args[0].measurand == measurand for mark in getattr(member, "pytestmark", ())):
                return member  # type: ignore[no-any-return]
    raise AssertionError(measurand)


class Answers:
    """Written answers by the end of their key; the most exact one counts."""

    def __init__(self, answers: dict[str, object]) -> None:
        self._answers = answers

    def _of(self, key: str) -> Any:
        fitting = [name for name in self._answers if Path(key).match(name)]
        return self._answers[max(fitting, key=lambda name: ("*" not in name, len(name)))]

    def number(self, message: str, *, key: str = "", **_: object) -> float:
        return float(self._of(key or message))

    def count(self, message: str, *, key: str = "", **_: object) -> int:
        return int(self._of(key or message))

    def yes(self, message: str, *, key: str = "", **_: object) -> bool:
        return bool(self._of(key or message))

    def done(self, *_: object, **__: object) -> Instant:
        return Instant(0.0, 1.0)

    def text(self, message: str, *, key: str = "", **_: object) -> str:
        return str(self._of(key or message))

    name = photo = text


def register(due: date = FAR, **spans: Range) -> InstrumentRegistry:
    meters = {
        kind: Instrument(
            kind,
            kind,
            kind,
            serial=kind,
            certificate="C",
            calibrated=date(2020, 1, 1),
            due=due,
            ranges=(span,),
        )
        for kind, span in {**SPANS, **spans}.items()
    }
    body = Instrument("BODY", "xray_test_body", "body", serial="TB-1", certificate="C-1")
    dated = {"calibrated": date(2020, 1, 1), "due": due}
    return InstrumentRegistry({**meters, "BODY": replaced(body, **dated)})


def replaced(one: Instrument, **changes: Any) -> Instrument:
    return Instrument(
        **{name: getattr(one, name) for name in inspect.signature(Instrument).parameters} | changes
    )


@pytest.fixture
def verdict(catalogue: Catalogue, tmp_path: Path) -> Iterator[Callable[..., Verdict]]:
    """The verdict of the row with this id, from answers and a register."""
    journal = Journal(tmp_path / "journal.jsonl")

    def judged(name: str, answers: dict[str, object], known: InstrumentRegistry | None = None) -> Verdict:
        row, known = catalogue.requirements[name], known or register()
        measurand = catalogue.measurands[row.measurand]
        method = {key: one.value for key, one in measurand.method.items()}
        session: Any = SimpleNamespace(
            item_journal=ItemJournal(journal, BlobStore(tmp_path / "blobs")),
            requirements={row.id: row},
            plan=Plan("s", 1, (), parameters={"method": {measurand.id: method}}),
            patience=1.0,
            calibration=Calibration(),
            registry=known,
        )
        item = PlanItem("i", measurand.id, "XR-1", (row.id,))
        record = Record(session, item, Conditions())
        record.begin()
        ask = Answers(answers)
        given: dict[str, Any] = {
            "ask": ask,
            "record": record,
            "bodies": Bodies(session, record),
            "manual_meter": lambda kind: ManualMeter(
                Calibrated(known.instruments[kind], known, session.item_journal, record.invalid), ask.number
            ),
        }
        test = function(measurand.id)
        test(**{key: one for key, one in given.items() if key in inspect.signature(test).parameters})
        (finding,) = record.conclude()
        return finding.verdict

    yield judged
    journal.close()


@pytest.mark.parametrize(
    ("name", "answers", "changed", "right"),
    [
        ("SCR-RD-02", DOSE, {}, Verdict.CONFORM),
        ("SCR-RD-02", DOSE, {"dose.total3": 60.0}, Verdict.NON_CONFORM),
        ("SCR-RD-02", DOSE, {"dose.passes*": 5.0}, Verdict.CONDITIONAL_CONFORM),
        ("SCR-RD-02", DOSE, {"dose.background": 30.0}, Verdict.INVALID),
        ("SCR-RD-02", DOSE, {"dose.total*": 70.0, "dose.background": 22.0}, Verdict.INVALID),
        ("SCR-RD-02", DOSE, {"dose.total2": 0.4}, Verdict.INVALID),  # below what it is calibrated for
        ("SCR-RD-03", LEAK, {}, Verdict.CONFORM),
        ("SCR-RD-03", LEAK, {"leak.top": 5.2}, Verdict.NON_CONFORM),
        ("SCR-RD-03", LEAK, {"reached.top": False}, Verdict.NOT_TESTED),
        ("SCR-RD-03", LEAK, {"reached.top": False, "leak.exit": 7.0}, Verdict.NON_CONFORM),
        ("SCR-RD-03", LEAK, {"leak.background": 3.0}, Verdict.INVALID),
        ("SCR-RD-03", LEAK, {"leak.top": 0.0}, Verdict.INVALID),
        ("SCR-RD-03-b", LEAK, {"leak.top": 50.0}, Verdict.UNJUDGED),
        ("SCR-ME-01", SPEED, {}, Verdict.CONFORM),
        ("SCR-ME-01", SPEED, {"belt.time5": 21.0}, Verdict.NON_CONFORM),
        ("SCR-ME-01", SPEED, {"belt.length": 0.0}, Verdict.INVALID),
        ("SCR-ME-01", SPEED, {"belt.time2": 0.0}, Verdict.INVALID),
        ("SCR-ME-01", SPEED, {"belt.length": 0.1, "belt.time*": 0.8}, Verdict.INVALID),  # a thumb is too slow
        ("SCR-ME-01-FWD", SHIFT, {}, Verdict.CONFORM),
        ("SCR-ME-01-FWD", SHIFT, {"forward.after.entry": 0.036}, Verdict.NON_CONFORM),
        ("SCR-ME-01-FWD", SHIFT, {"forward.ran": 60.0}, Verdict.CONDITIONAL_CONFORM),
        ("SCR-ME-01-FWD", SHIFT, {"forward.ran": 60.0, "forward.after.exit": 0.05}, Verdict.NON_CONFORM),
        ("SCR-ME-01-REV", SHIFT, {}, Verdict.CONFORM),
        ("SCR-ME-01-REV", SHIFT, {"reverse.after.exit": 0.056}, Verdict.NON_CONFORM),
        ("SCR-CAL-01", BODY, {}, Verdict.CONFORM),
        ("SCR-CAL-01", BODY, {"body.serial": "TB-2"}, Verdict.NON_CONFORM),
        ("SCR-CAL-01", BODY, {"body.certificate": "C-2"}, Verdict.NON_CONFORM),
        ("SCR-CAL-01", BODY, {"body.due": "2021-01-01"}, Verdict.NON_CONFORM),
        (
            "SCR-CAL-01",
            BODY,
            {"body.due": "2998-01-01"},  # not the paper of the register
            Verdict.NON_CONFORM,
        ),
        ("SCR-PR-01", PRIVATE, {}, Verdict.CONFORM),
        ("SCR-PR-01", PRIVATE, {"privacy.hidden": False}, Verdict.NON_CONFORM),
        ("SCR-PR-01", PRIVATE, {"privacy.kept": False}, Verdict.NON_CONFORM),
        ("SCR-PR-01", PRIVATE, {"privacy.apart": False}, Verdict.NON_CONFORM),
        ("SCR-EX-01", DISPOSAL, {}, Verdict.CONFORM),
        ("SCR-EX-01", DISPOSAL, {"explosive.present": False}, Verdict.NON_CONFORM),
        ("SCR-EX-01", DISPOSAL, {"explosive.usable": False}, Verdict.NON_CONFORM),
    ],
)
def test_each_answer_has_its_verdict(
    verdict: Callable[..., Verdict],
    name: str,
    answers: dict[str, object],
    changed: dict[str, object],
    right: Verdict,
) -> None:
    assert verdict(name, answers | changed) is right


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("SCR-RD-02", DOSE),
        ("SCR-RD-03", LEAK),
        ("SCR-ME-01", SPEED),
        ("SCR-ME-01-REV", SHIFT),
        ("SCR-CAL-01", BODY),
    ],
)
def test_an_instrument_that_is_overdue_gives_no_verdict(
    verdict: Callable[..., Verdict], name: str, answers: dict[str, object]
) -> None:
    assert verdict(name, answers | {"body.due": str(PAST)}, register(PAST)) is Verdict.INVALID


class Midnight(date):
    """The calendar at the bench: so many readings are made on the last day of the certificates."""

    before = 0
    last = date(2026, 12, 31)

    @classmethod
    def today(cls) -> date:
        cls.before -= 1
        return cls.last if cls.before >= 0 else date(2027, 1, 1)


@pytest.mark.parametrize(
    ("name", "answers", "readings"), [("SCR-RD-03", LEAK, 7), ("SCR-ME-01", SPEED, 6), ("SCR-RD-02", DOSE, 3)]
)
def test_a_certificate_that_ends_during_an_item_serves_no_reading_after_it(
    verdict: Callable[..., Verdict],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    answers: dict[str, object],
    readings: int,
) -> None:
    """Its last day counts in whole; one reading of several after midnight makes the result invalid."""
    monkeypatch.setattr("yanshou.equipment.instruments.date", Midnight)
    found = []
    for before in range(readings + 1):
        monkeypatch.setattr(Midnight, "before", before)
        found.append(verdict(name, answers, register(Midnight.last)))
    assert found == [Verdict.INVALID] * readings + [Verdict.CONFORM]


@pytest.mark.parametrize(
    ("kind", "span"),
    [
        ("kerma_rate_meter", Range("air_kerma_rate", 0.05, 100.0, "uSv/h", U_rel=0.1)),
        ("kerma_rate_meter", Range("dose_rate", 0.05, 100.0, "uSv/h", U_rel=0.1)),
        ("kerma_rate_meter", Range("air_kerma", 1.0, 100.0, "uGy", U_rel=0.1)),
    ],
)
def test_a_meter_of_another_quantity_or_unit_is_refused(
    verdict: Callable[..., Verdict], kind: str, span: Range
) -> None:
    with pytest.raises(RigFault, match=r"is (not )?calibrated for"):
        verdict("SCR-RD-03", LEAK, register(**{kind: span}))
