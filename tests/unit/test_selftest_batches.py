# SPDX-License-Identifier: Apache-2.0
"""How planted defects are gathered into runs, and how a planted answer is written."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from yanshou.cli.commands.selftest import show
from yanshou.cli.language import speak
from yanshou.cli.selftest import (
    Defect,
    Matrix,
    batches,
    judge_defects,
    judge_healthy,
    planted,
    read_defects,
    ties,
)
from yanshou.model import Finding, Obligation, UsageError, Verdict
from yanshou.site import load_site

EXAMPLES = Path(__file__).parents[2] / "examples"
LAB = EXAMPLES / "alarm-lab"


def fault(device: str, *expect: str, kind: str = "x") -> Defect:
    return Defect(device, kind, None, expect)


def answer(device: str, key: str, *expect: str) -> Defect:
    return Defect(device, "answer", "否", expect, key=key)


def test_a_device_bears_one_defect_in_a_run() -> None:
    assert [len(run) for run in batches([fault("Z1", "A"), fault("Z1", "B"), fault("Z2", "A")])] == [2, 1]


def test_answers_share_a_run_with_a_defect_unless_both_touch_one_requirement() -> None:
    together = [fault("P", "A"), answer("P", "P.a", "B"), answer("P", "P.b", "C")]
    assert [len(run) for run in batches(together)] == [3]
    assert len(batches([fault("P", "A"), answer("P", "P.a", "A")])) == 2
    assert len(batches([answer("P", "same", "A"), answer("Q", "same", "B")])) == 2
    gated = Defect("P", "answer", "否", (), invalid=("A",), key="P.gate")
    assert len(batches([answer("P", "P.a", "A"), gated])) == 2


def test_a_panel_and_its_zones_do_not_share_a_run() -> None:
    assert len(batches([fault("Z1", "A"), fault("P", "B")], {"Z1": frozenset({"P"})})) == 2


def test_a_panel_and_its_alarm_link_do_not_share_a_run() -> None:
    hanging = ties(load_site(EXAMPLES / "alarm-centre").devices.values())
    assert hanging["LINK-1"] == {"PANEL-1"}
    silent, hidden = fault("LINK-1", "A", kind="dc09_stops_polling"), fault("PANEL-1", "B")
    assert len(batches([silent, hidden], hanging)) == 2
    assert len(batches([silent, fault("Z02", "B", kind="dc09_partition")], hanging)) == 2, "unheard"


@pytest.mark.parametrize("kind", ["also_shows", "shows_all", "wrong_zone_shown"])
def test_what_shows_at_other_zones_has_no_other_defect_on_its_panel(kind: str) -> None:
    hanging = {zone: frozenset({panel}) for zone, panel in (("Z1", "P"), ("Z2", "P"), ("Z3", "Q"))}
    shows = fault("Z1", "A", kind=kind)
    assert len(batches([shows, fault("Z2", "A", kind="self_reset")], hanging)) == 2
    assert len(batches([fault("Z2", "A", kind="self_reset"), shows], hanging)) == 2
    assert len(batches([shows, fault("Z3", "A", kind="self_reset")], hanging)) == 1


def test_what_shows_at_other_doors_has_no_other_defect_on_its_controller() -> None:
    hanging = ties(load_site(EXAMPLES / "bank-branch").devices.values())
    beside = fault("D02", "A", kind="forced_door_beside")
    assert len(batches([beside, fault("D01", "B", kind="forced_door_silent")], hanging)) == 2


def test_a_lock_that_opens_when_the_link_of_its_controller_is_cut_opens_in_the_test_of_another_door() -> None:
    defects = read_defects(EXAMPLES / "access-lab")
    hanging = ties(load_site(EXAMPLES / "access-lab").devices.values())
    (run,) = [
        run for run in batches(defects, hanging) if any(one.kind == "opens_on_link_change" for one in run)
    ]
    assert not any(one.device.startswith("D") for one in run if one.device != "D01")


def test_a_linkage_shares_no_run_with_its_source_or_its_target() -> None:
    linked = ties(load_site(EXAMPLES / "bank-branch").devices.values())
    assert linked["LINK-1"] == {"Z07", "CAM-2"}
    for end, runs in (("Z07", 2), ("CAM-2", 2), ("Z08", 1), ("CAM-1", 1)):
        assert len(batches([fault("LINK-1", "A"), fault(end, "B")], linked)) == runs


def test_runs_are_about_as_long_as_one_another_and_the_longest_begins_first() -> None:
    twice = [fault("Z1", "A"), fault("Z1", "B"), fault("Z1", "C")]
    runs = batches([*twice, *(fault(f"Z{number}", "A") for number in range(2, 9))])
    assert [len(run) for run in runs] == [4, 3, 3]
    dead = replace(fault("Z1", "D"), waits=100.0)
    runs = batches([*twice, dead, *(fault(f"Z{number}", "A") for number in range(2, 9))])
    assert [len(run) for run in runs] == [1, 4, 3, 3]
    assert runs[0] == [dead]


@pytest.mark.parametrize("site", sorted(path.parent.name for path in EXAMPLES.glob("*/defects.toml")))
def test_every_defect_is_in_one_run(site: str) -> None:
    defects = read_defects(EXAMPLES / site)
    runs = batches(defects, ties(load_site(EXAMPLES / site).devices.values()))
    assert sorted(one.order for run in runs for one in run) == list(range(len(defects)))


def test_a_defect_and_one_on_the_device_it_acts_on_do_not_share_a_run() -> None:
    opens = Defect("D1", "opens_other_door", "D2", ("A",))
    stays = Defect("D2", "never_relocks", None, ("A",))
    assert [len(batches(pair)) for pair in ([opens, stays], [stays, opens])] == [2, 2]
    assert len(batches([opens, fault("D3", "A")])) == 1


def test_a_defect_that_shows_behind_its_device_has_a_run_of_its_own() -> None:
    recorder = Defect("NVR", "gb_wrong_sn", None, ("A",), alone=True)
    assert [len(run) for run in batches([recorder, fault("CAM", "A"), fault("PANEL", "B")])] == [2, 1]


def test_a_plan_that_says_otherwise_runs_without_other_devices() -> None:
    plan = Defect("SITE", "plan", "less", ("S",), key="sampling")
    assert len(batches([plan, answer("P", "P.a", "A")])) == 2
    assert len(batches([plan, answer("SITE", "SITE.a", "A")])) == 1


def test_what_another_defect_of_the_device_is_to_fail_is_no_false_fail() -> None:
    both = [fault("P", "A"), answer("P", "P.a", "B")]
    found = [_finding("P", name, Verdict.NON_CONFORM) for name in ("A", "B")]
    cases = judge_defects(both, [*found, _finding("P", "C", Verdict.NON_CONFORM)])
    assert sorted(case.requirement for case in cases if case.right) == ["A", "B"]
    assert {case.requirement for case in cases if not case.right} == {"C"}


def test_the_lightest_defect_that_is_caught_is_told_whatever_the_order_of_the_runs() -> None:
    grave, middle, light = (
        Defect("C", "drop", one, ("A",), order=n) for n, one in enumerate((0.1, 0.01, 0.001))
    )
    matrix = Matrix()
    for defect, got in (
        (light, Verdict.CONFORM),
        (grave, Verdict.NON_CONFORM),
        (middle, Verdict.NON_CONFORM),
    ):
        matrix.cases += judge_defects([defect], [_finding("C", "A", got)])
    (reported,) = matrix.lightest
    assert (reported.severities, reported.caught, reported.missed) == (
        ("0.1", "0.01", "0.001"),
        "0.01",
        ("0.001",),
    )


def test_severities_that_do_not_go_one_way_have_no_lightest() -> None:
    matrix = Matrix()
    for order, gain in enumerate((0.6, 1.5, 0.15)):
        defect = Defect("C", "gain", gain, ("A",), order=order)
        matrix.cases += judge_defects([defect], [_finding("C", "A", Verdict.NON_CONFORM)])
    assert matrix.lightest == []


def _finding(device: str, requirement: str, verdict: Verdict) -> Finding:
    return Finding(
        requirement=requirement, standard="GB 0", clause="1", device=device, measurand="m", value=True,
        unit="", U=None, k=None, n=1, limit="", limit_status="verified", decision_rule="DR-SA",
        verdict=verdict, reason="", measurement="m1", evidence=(),
    )  # fmt: skip


def test_a_defect_against_advice_has_to_be_seen_as_advice_not_followed() -> None:
    def came(verdict: Verdict) -> Matrix:
        found = replace(_finding("P", "A", verdict), obligation=Obligation.ADVICE)
        return Matrix(judge_defects([fault("P", "A")], [found]))

    seen = came(Verdict.ADVICE_NOT_FOLLOWED)
    assert (seen.false_pass, seen.false_fail, seen.answer()["requirements_tested"]) == (0, 0, 1)
    assert came(Verdict.CONFORM).false_pass == 1
    assert came(Verdict.NON_CONFORM).false_pass == 1


def test_a_planted_answer_keeps_the_unit_of_the_healthy_one(tmp_path: Path) -> None:
    planted(LAB, tmp_path / "copy", [Defect("Z06", "answer", 5.6, ("IAS-CV-05",), key="Z06.fence.energy*")])
    answers = tomllib.loads((tmp_path / "copy" / "answers.toml").read_text("utf-8"))["answer"]
    first = next(iter(answers))
    assert first == "Z06.fence.energy*"
    assert answers[first] == {"value": 5.6, "unit": "J"}


def test_what_shows_elsewhere_has_a_run_of_its_own_and_is_judged_there() -> None:
    clock = Defect("ACS-1", "clock_offset", 6, ("CLK-09",), at="SITE")
    assert len(batches([clock, fault("CAM-1", "A"), answer("SITE", "SITE.a", "B")])) == 2
    found = [_finding("SITE", "CLK-09", Verdict.CONFORM), _finding("ACS-1", "CLK-09", Verdict.NON_CONFORM)]
    cases = judge_defects([clock], found)
    assert [(case.device, case.right) for case in cases] == [("SITE", False)]


def test_what_is_never_judged_on_a_site_must_stay_so_without_a_defect_and_fail_with_one() -> None:
    closed = [_finding("MC-1", "CLK-04", Verdict.INVALID), _finding("MC-2", "CLK-04", Verdict.CONFORM)]
    assert [case.right for case in judge_healthy(closed, {"CLK-04"})] == [True, False]
    assert [case.right for case in judge_defects([fault("MC-1", "CLK-04")], closed, {"CLK-04"})] == [False]


def test_what_a_gate_stops_is_printed_with_its_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As expected or not: a gate that stayed open is marked."""
    defects = [Defect("CAM-1", "blur", 3, (), invalid=("IQ-1", "IQ-2"))]
    clipped = replace(_finding("CAM-1", "IQ-1", Verdict.INVALID), reason="clipped picture")
    cases = judge_defects(defects, [clipped, _finding("CAM-1", "IQ-2", Verdict.CONFORM)])
    monkeypatch.setenv("COLUMNS", "160")
    speak("en")
    show(Matrix(cases))
    table = capsys.readouterr().out.partition("stopped by a validity gate")[2].partition("not as expected")[0]
    (stopped,) = (line for line in table.splitlines() if "IQ-1" in line)
    assert "clipped picture" in stopped
    (passed,) = (line for line in table.splitlines() if "IQ-2" in line)
    assert "✗" in passed


DEAD = Defect("P", "panel_garbage", None, (), nothing_tested=True, reason="P answered")


def _came(defect: Defect, *findings: Finding) -> Matrix:
    return Matrix(judge_defects([defect], findings))


def test_what_was_not_learnt_must_end_as_not_tested_for_the_reason_that_was_planted() -> None:
    silent = replace(_finding("P", "A", Verdict.NOT_TESTED), reason="P answered with 3 bytes.")
    assert (_came(DEAD, silent).false_pass, _came(DEAD, silent).false_fail) == (0, 0)
    for verdict in (Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM, Verdict.UNJUDGED):
        assert _came(DEAD, silent, _finding("P", "B", verdict)).false_pass == 1
    for verdict in (Verdict.NON_CONFORM, Verdict.INVALID):
        assert _came(DEAD, silent, _finding("P", "B", verdict)).false_fail == 1
    other = replace(silent, reason="RELAY-1 does not answer.")
    assert _came(DEAD, other).false_fail == 1
    assert _came(DEAD).false_fail == 1  # nothing of that device was in the plan


def test_a_single_requirement_may_be_the_one_that_stays_untested() -> None:
    defect = Defect("P", "x", None, ("B",), untested=("A",), reason="unreadable")
    unread = replace(_finding("P", "A", Verdict.NOT_TESTED), reason="unreadable time")
    failed = _finding("P", "B", Verdict.NON_CONFORM)
    sound = replace(_finding("P", "C", Verdict.CONFORM), limit="≤ 1")
    assert all(case.right for case in _came(defect, unread, failed, sound).cases)
    assert [case.right for case in _came(defect, failed).cases] == [True, False]  # A was never asked


def test_defects_are_read_with_every_mistake_and_its_line(tmp_path: Path) -> None:
    text = """\
[[defect]]
device = "P"
kind = "panel_garbage"
expect = "not_tested"

[[defect]]
device = 7
kind = "x"
expect = ["A"]
reason = "none is asked"

[[defect]]
device = "P"
kind = "x"
expcet = ["A"]
"""
    (tmp_path / "defects.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_defects(tmp_path)
    lines = [(one.line, one.what) for one in caught.value.mistakes]
    assert [line for line, _ in lines] == [1, 7, 10, 15, 12]
    assert "needs a reason" in lines[0][1]
    assert "'expcet' is not a key" in lines[3][1]


def test_what_is_not_tested_is_read_for_a_device_or_for_single_requirements(tmp_path: Path) -> None:
    text = """\
[[defect]]
device = "P"
kind = "x"
expect = "not_tested"
reason = "P"
[[defect]]
device = "Q"
kind = "y"
not_tested = ["A", "B"]
reason = "Q"
"""
    (tmp_path / "defects.toml").write_text(text, encoding="utf-8")
    whole, single = read_defects(tmp_path)
    assert (whole.nothing_tested, whole.named) == (True, ())
    assert (single.nothing_tested, single.named) == (False, ("A", "B"))
    assert len(batches([whole, answer("P", "P.a", "C")])) == 2


def test_doors_and_their_controller_have_runs_of_their_own() -> None:
    hanging = {"D1": frozenset({"C"}), "D2": frozenset({"C"})}
    runs = batches([fault("D1", "A"), fault("C", "B"), fault("D2", "A")], hanging)
    assert [[one.device for one in run] for run in runs] == [["D1", "D2"], ["C"]]
