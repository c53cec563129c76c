# SPDX-License-Identifier: Apache-2.0
"""Classes of metal detectors: what a laboratory states of them, and what counted tries prove."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import requirement
from yanshou.evaluation.detection import Counted, Detections
from yanshou.fixtures.inspection import Bodies, Demands
from yanshou.instruments.registry import Instrument, InstrumentRegistry
from yanshou.metrology import Conditions, judge
from yanshou.model import Instant, Limit, RigFault, UsageError, Verdict
from yanshou.model.demand import ClassDemand
from yanshou.model.reading import Reading
from yanshou.model.trouble import Mistake
from yanshou.standards.catalogue import Catalogue
from yanshou.standards.overlay import lay_over
from yanshou.toml import read_toml

GATE, HAND = "gate_detection_class_met", "handheld_distance_class_met"
DEMAND = ClassDemand(GATE, "2", ("A", "B"), ("P1", "P2"), ("X",), (), 10, 9, 20, 1, "paper")
NEAR = ClassDemand(HAND, "1", ("T1", "T2"), distances_mm=(100.0, 50.0), passes=5, detected=5, blanks=5)


def counts(demand: ClassDemand, text: str = "10/10", **cells: str) -> dict[tuple[str, ...], Counted | None]:
    return {cell: Counted.parsed(cells.get("_".join(cell), text)) for cell in demand.cells}


def verdict(found: Detections) -> Verdict:
    limit = Limit("1", equals=True)
    row = replace(requirement(limit), measurand=found.demand.measurand)
    return judge(found.measurement(found.demand.measurand, "GATE-1"), row, Conditions()).verdict


def gate(blank: str = "0/20", **cells: str) -> Detections:
    return Detections(DEMAND, counts(DEMAND, **cells), Counted.parsed(blank))


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (gate(), Verdict.CONFORM),
        (gate(A_P1_X="9/10"), Verdict.CONFORM),
        (gate(B_P2_X="8/10"), Verdict.NON_CONFORM),
        (gate(B_P2_X="-"), Verdict.NOT_TESTED),
        (gate(B_P2_X="0/0"), Verdict.NOT_TESTED),
        (gate(B_P2_X="5/5"), Verdict.NOT_TESTED),  # half of the tries prove nothing yet
        (gate(B_P2_X="3/5"), Verdict.NON_CONFORM),  # two missed are too many, whatever came after
        (gate(B_P2_X="-", A_P1_X="0/10"), Verdict.NON_CONFORM),
        (gate(B_P2_X="17/20"), Verdict.NON_CONFORM),  # tried until it looked well: the share counts
        (gate(B_P2_X="18/20"), Verdict.CONFORM),
        (gate(blank="1/20"), Verdict.CONFORM),
        (gate(blank="2/20"), Verdict.NON_CONFORM),
        (gate(blank="2/3"), Verdict.NON_CONFORM),
        (gate(blank="0/19"), Verdict.NOT_TESTED),
        (gate(blank="-"), Verdict.NOT_TESTED),
    ],
)
def test_one_cell_that_fails_decides_and_one_that_is_open_passes_nothing(
    found: Detections, right: Verdict
) -> None:
    assert verdict(found) is right


def test_a_cell_that_nobody_filled_is_not_tested() -> None:
    cells = counts(DEMAND)
    del cells["A", "P2", "X"]
    found = Detections(DEMAND, cells, Counted(0, 20))
    assert verdict(found) is Verdict.NOT_TESTED
    assert "未试或不足：A/P2/X" in str(found.measurement(GATE, "G").details["because"])


def at(mm: float, U: float = 1.0) -> Reading:
    return Reading(mm, "mm", U, 2.0, "TAPE", Instant(0.0, 0.0))


@pytest.mark.parametrize(
    ("mm", "text", "right"),
    [
        (100.0, "5/5", Verdict.CONFORM),
        (110.0, "5/5", Verdict.CONFORM),
        (90.0, "5/5", Verdict.NOT_TESTED),  # detected nearer than asked
        (100.0, "4/5", Verdict.NON_CONFORM),
        (90.0, "4/5", Verdict.NON_CONFORM),  # missed even nearer
        (110.0, "4/5", Verdict.NOT_TESTED),  # missed farther away than asked
        (100.8, "4/5", Verdict.NON_CONFORM),  # the distance is that one, within its U
    ],
)
def test_a_distance_proves_only_what_lies_on_its_side(mm: float, text: str, right: Verdict) -> None:
    cells = counts(NEAR, "5/5", T1=text)
    found = Detections(NEAR, cells, Counted(0, 5), {"T1": at(mm), "T2": at(50.0)})
    assert verdict(found) is right


@given(trials=st.integers(1, 60), data=st.data())
def test_more_hits_never_make_it_worse(trials: int, data: st.DataObject) -> None:
    of = data.draw(st.integers(1, 30))
    wanted, hits = data.draw(st.integers(1, of)), data.draw(st.integers(0, trials - 1))
    worth = {False: 0, None: 1, True: 2}
    less, more = (Counted(one, trials).enough(wanted, of) for one in (hits, hits + 1))
    assert worth[less] <= worth[more]
    assert Counted(0, trials).enough(wanted, of) is not True


def test_more_alarms_than_passes_are_no_count() -> None:
    with pytest.raises(ValueError, match="11/10"):
        Counted.parsed("11/10")


SIGNED = 'by = "张工"\ndate = 2026-11-20\ndocument = "纸本"\n'
STATED = f"""[[class]]
measurand = "{GATE}"
name = "2"
objects = ["OT-1"]
positions = ["P1"]
postures = ["A"]
passes = 10
detected = 9
blanks = 20
false_alarms = 1
{SIGNED}"""


def laid(catalogue: Catalogue, tmp_path: Path, text: str) -> tuple[ClassDemand, ...]:
    path, mistakes = tmp_path / "lab.toml", list[Mistake]()
    path.write_text(text, "utf-8")
    found = lay_over(catalogue, read_toml(path, mistakes), mistakes)
    if mistakes:
        raise UsageError(mistakes)
    return found.classes


def test_a_class_comes_from_the_overlay_and_from_nowhere_else(catalogue: Catalogue, tmp_path: Path) -> None:
    assert catalogue.classes == ()
    (demand,) = laid(catalogue, tmp_path, STATED)
    assert (demand.name, demand.cells) == ("2", (("OT-1", "P1", "A"),))
    assert all(word in demand.document for word in ("张工", "2026-11-20", "纸本", "lab.toml"))
    assert ClassDemand.of_record(asdict(demand)) == demand


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("detected = 9", "detected = 0", "cannot be asked"),
        ("detected = 9", "detected = 11", "cannot be asked"),
        ("false_alarms = 1", "false_alarms = 20", "permits every false alarm"),
        ('objects = ["OT-1"]', "objects = []", "objects is missing"),
        ('objects = ["OT-1"]', 'objects = ["OT-1", "OT-1"]', "twice"),
        ('objects = ["OT-1"]', 'objects = ["测试物"]', "no mark"),
        (GATE, "belt_speed", "no measurand that is met or not"),
        ("passes = 10", "passes = 10.5", "no count"),
        (SIGNED, "", "by"),
        (STATED, STATED + STATED, "stated twice"),
        ("blanks = 20", "blanks = 20\ndistances_mm = [1.0, 2.0]", "does not fit objects"),
    ],
)
def test_a_class_that_anything_would_meet_is_a_mistake(
    catalogue: Catalogue, tmp_path: Path, old: str, new: str, expected: str
) -> None:
    with pytest.raises(UsageError, match=expected):
        laid(catalogue, tmp_path, STATED.replace(old, new))


class Noted:
    """As much of a record as the fixtures of inspection need."""

    device = "GATE-1"

    def __init__(self) -> None:
        self.used: list[str] = []
        self.closed: list[str] = []
        self.instrument, self.invalid = self.used.append, self.closed.append

    def cannot(self, reason: str) -> None:
        raise RigFault(reason, final=True)


def demands(stated: list[ClassDemand], **attributes: object) -> Demands:
    classes = [asdict(one) for one in stated]
    session: Any = SimpleNamespace(plan=SimpleNamespace(parameters={"classes": classes}))
    record: Any = Noted()
    item: Any = SimpleNamespace(measurand=GATE)
    device: Any = SimpleNamespace(attributes=attributes)
    return Demands(session, record, item, device)


def test_the_class_of_the_device_is_asked_for_and_no_other() -> None:
    other = replace(DEMAND, name="1", detected=1)
    assert demands([other, DEMAND], **{"class": "2"}).of_device("blanks") == DEMAND


@pytest.mark.parametrize(
    ("stated", "attributes", "expected"),
    [
        ([DEMAND], {}, "class"),
        ([], {"class": "2"}, "须由实验室"),
        ([replace(DEMAND, measurand=HAND)], {"class": "2"}, "须由实验室"),
        ([DEMAND], {"class": "3"}, "等级 3"),
        ([replace(DEMAND, blanks=0)], {"class": "2"}, "缺少 blanks"),
    ],
)
def test_without_the_numbers_of_the_laboratory_nothing_is_tested(
    stated: list[ClassDemand], attributes: dict[str, object], expected: str
) -> None:
    with pytest.raises(RigFault, match=expected):
        demands(stated, **attributes).of_device("positions", "blanks")


def an_object(
    name: str, mark: str, due: date = date(2999, 1, 1), kind: str = "metal_test_object"
) -> Instrument:
    return Instrument(
        name, kind, name, model=mark, serial=name, certificate="C", calibrated=date(2020, 1, 1), due=due
    )


def bodies(*objects: Instrument) -> tuple[Bodies, Noted]:
    journal = SimpleNamespace(event=lambda *_, **__: None)
    registry = InstrumentRegistry({one.id: one for one in objects})
    session: Any = SimpleNamespace(registry=registry, item_journal=journal)
    noted = Noted()
    record: Any = noted
    return Bodies(session, record), noted


def test_a_test_object_is_the_one_of_its_mark_and_in_date() -> None:
    found, noted = bodies(an_object("MO-1", "A"), an_object("MO-2", "B"))
    assert found.marked("metal_test_object", "B").id == "MO-2"
    assert (noted.used, noted.closed) == (["MO-2"], [])
    found, noted = bodies(an_object("MO-1", "A", due=date(2021, 1, 1)))
    found.marked("metal_test_object", "A")
    assert "2021-01-01" in noted.closed[0]


@pytest.mark.parametrize(
    "register",
    [
        [],
        [an_object("MO-1", "B")],
        [an_object("MO-1", "A", kind="xray_test_body")],
        [an_object("MO-1", "A"), an_object("MO-2", "A")],
    ],
)
def test_no_other_object_stands_for_it(register: list[Instrument]) -> None:
    with pytest.raises(RigFault, match="of model 'A'"):
        bodies(*register)[0].marked("metal_test_object", "A")
