# SPDX-License-Identifier: Apache-2.0
"""The plan of a visit names every item once, whoever has to be warned, and fits on the pages one carries."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.support.places import EXAMPLES
from yanshou.cli.main import main
from yanshou.evidence import RunFolder
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import Plan, Site
from yanshou.model.visit import Visit, lasting, named, natural
from yanshou.planning import lasted, make_plan, make_visit, to_json
from yanshou.reports.messages import Messages
from yanshou.reports.visit import visit_tables
from yanshou.site import load_site
from yanshou.standards import load

COVERED = covered_measurands()


def planned(example: str) -> tuple[Plan, Site]:
    site = load_site(EXAMPLES / example)
    return make_plan(site, load(()), load_instruments(EXAMPLES / example), covered=COVERED), site


def visited(plan: Plan, site: Site, **how: object) -> Visit:
    return make_visit(plan, site, load(()), COVERED, **how)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def branch() -> tuple[Plan, Site]:
    return planned("bank-branch")


def test_every_item_stands_in_one_task_and_every_action_is_warned_of(branch: tuple[Plan, Site]) -> None:
    plan, site = branch
    visit = visited(plan, site)
    there = [(task.measurand, one) for task in visit.tasks for ids in task.places.values() for one in ids]
    assert sorted(there) == sorted((item.measurand, item.device) for item in plan.items)
    warned = {(action, one) for action, at in visit.warned.items() for ids in at.values() for one in ids}
    assert warned == {(action, item.device) for item in plan.items for action in item.intrusive}


def test_what_a_person_does_stands_at_its_place(branch: tuple[Plan, Site]) -> None:
    plan, site = branch
    there = {
        (place, one, task.measurand)
        for place, devices in visited(plan, site).by_place().items()
        for one, tasks in devices.items()
        for task in tasks
    }
    assert there == {
        (
            site.devices[item.device].location if item.device in site.devices else "",
            item.device,
            item.measurand,
        )
        for item in plan.items
        if COVERED[item.measurand].operator
    }


def test_no_id_of_ours_is_in_the_tables(branch: tuple[Plan, Site]) -> None:
    plan, site = branch
    ours = {item.measurand for item in plan.items} | {
        name for item in plan.items for name in item.requirements
    }
    for language in ("zh", "en"):
        tables = visit_tables(visited(plan, site), Messages(language))
        assert {"work", "walk", "warn"} <= {table.name for table in tables}
        cells = {cell for table in tables for row in table.rows for cell in row}
        assert not [cell for cell in cells for name in ours if name in cell.split()]


def test_the_time_of_an_earlier_run_replaces_the_estimate(branch: tuple[Plan, Site]) -> None:
    plan, site = branch
    reported = [
        {"kind": "item_finished", "item": "no_self_reset[Z01]", "outcome": "done", "seconds": 40.0},
        {"kind": "item_finished", "item": "no_self_reset[Z02]", "outcome": "done", "seconds": 60.0},
        {"kind": "item_finished", "item": "no_self_reset[Z03]", "outcome": "interrupted", "seconds": None},
        {"kind": "item_finished", "item": "no_self_reset[Z04]", "outcome": "rig_fault", "seconds": 1.0},
    ]
    task = next(
        one for one in visited(plan, site, lasted=lasted(reported)).tasks if one.measurand == "no_self_reset"
    )
    assert task.machine_s == 50.0 * task.devices
    before = next(one for one in visited(plan, site).tasks if one.measurand == "no_self_reset")
    assert before.machine_s != task.machine_s


@given(st.lists(st.integers(0, 130), unique=True))
def test_joined_ids_name_exactly_what_was_given(numbers: list[int]) -> None:
    ids = sorted((f"CAM-{number:02d}" for number in numbers), key=natural)
    back: list[str] = []
    for word in named(ids).split():
        first, dash, last = word.partition("–")
        until = int((last if dash else first).removeprefix("CAM-"))
        back += [f"CAM-{number:02d}" for number in range(int(first.removeprefix("CAM-")), until + 1)]
    assert back == ids


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        (["Z01", "Z02", "Z03"], "Z01–Z03"),
        (["Z01", "Z02"], "Z01 Z02"),
        (["Z1", "Y2", "Z3", "Z4", "Z6"], "Z1 Y2 Z3 Z4 Z6"),
        (["A9", "A10", "A11"], "A9–A11"),
        (["A10", "A9", "A8"], "A10 A9 A8"),
        ([], ""),
    ],
)
def test_only_numbers_that_follow_each_other_are_joined(ids: list[str], text: str) -> None:
    assert named(ids) == text


def test_a_begun_minute_counts_whole() -> None:
    assert [lasting(one) for one in (0, 1, 60, 61, 3599, 3600, 3601)] == [
        (0, 0), (0, 1), (0, 1), (0, 2), (1, 0), (1, 0), (1, 1),
    ]  # fmt: skip


def test_a_station_of_600_devices_fits_on_ten_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", str(EXAMPLES / "railway-station"), "--pdf", str(tmp_path / "plan.pdf")]) == 0
    pages = PdfReader(io.BytesIO((tmp_path / "plan.pdf").read_bytes())).pages
    assert 3 <= len(pages) <= 10
    text = "".join(page.extract_text() for page in pages)
    assert "派工单：检测人员" in text
    assert "消防控制室" in text
    assert str(tmp_path / "plan.pdf") in capsys.readouterr().out


def test_what_is_left_of_a_run_is_told_until_nothing_is(
    branch: tuple[Plan, Site], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, _ = branch
    first, *others = plan.items
    arguments = ["plan", str(EXAMPLES / "bank-branch"), "--lang", "en", "--run", str(tmp_path / "run")]
    run = RunFolder.begin(
        tmp_path / "run", plan=to_json(plan), catalogue=[], site={}, site_folder=EXAMPLES / "bank-branch"
    )
    with run.journal() as journal:
        journal.append("run_opened")
        for item in others:
            journal.append("item_finished", item=item.id, attempt=1, outcome="done", seconds=1.0)
        journal.append("item_finished", item=first.id, attempt=1, outcome="rig_fault", seconds=1.0)
    assert main(arguments) == 3
    output = capsys.readouterr().out
    assert f"finished {len(others)} of {len(plan.items)}" in output
    assert load(()).measurands[first.measurand].en in output
    assert load(()).measurands["alarm_response_time"].en not in output
    with run.journal() as journal:
        journal.append("item_finished", item=first.id, attempt=2, outcome="done", seconds=1.0)
    assert main(arguments) == 0


def test_the_run_of_another_site_is_refused_in_a_line(
    branch: tuple[Plan, Site], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_plan(
        replace(branch[1], id="elsewhere"),
        load(()),
        load_instruments(EXAMPLES / "bank-branch"),
        covered=COVERED,
    )
    RunFolder.begin(
        tmp_path / "run", plan=to_json(other), catalogue=[], site={}, site_folder=EXAMPLES / "bank-branch"
    )
    assert main(["plan", str(EXAMPLES / "bank-branch"), "--lang", "en", "--run", str(tmp_path / "run")]) == 2
    assert "elsewhere" in capsys.readouterr().err
