# SPDX-License-Identifier: Apache-2.0
"""``check --bench`` on the emulated branch: wrong wires are found, people are asked, relays come to rest."""

from __future__ import annotations

import csv
import os
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.rig import (
    POSIX,
    RELAYS,
    Said,
    branch,
    coils_of,
    eventually,
    faults,
    kill_group,
    no_traceback,
    replace,
    said,
    start,
    yanshou,
)
from yanshou.emulation.site.process import EmulatedSite, private_copy

SCOPE = ("IAS-RT-01",)
KEEP = ("Z01", "Z03", "Z11", "V01", "D01", "GATE-1")
WRONG = (
    ("Z01", "loop_wired_to", "RELAY-2/2"),  # on Z03's relay, and so silent on its own
    ("V01", "loop_wired_to", "RELAY-1/1"),  # on a spare relay that nobody trips
    ("RELAY-3", "relay_dead", 0),  # D01's contact
)


def at_rest(site: Path) -> bool:
    return all(coils_of(site, board) == [False] * count for board, count in RELAYS.items())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return branch(tmp_path_factory.mktemp("bench") / "site", scope=SCOPE, keep=KEEP)


@pytest.fixture(scope="module")
def wrong(site: Path) -> tuple[Said, bool]:
    """The wiring check of a bench with three mistakes, and whether its relays were at rest afterwards."""
    with EmulatedSite(site, faults(site, *WRONG), video=False):
        one = yanshou("check", site, "--bench", "--json", cwd=site.parent)
        return one, at_rest(site)


def relays(one: Said) -> Mapping[str, dict[str, Any]]:
    return {relay["relay"]: relay for relay in one.json["bench"]["relays"]}


def test_a_zone_on_the_relay_of_another_is_found_from_both_sides(wrong: tuple[Said, bool]) -> None:
    found = relays(wrong[0])
    assert found["RELAY-2/0"] == {
        "relay": "RELAY-2/0",
        "expected": "Z01 loop",
        "opened": [],
        "finding": "silent",
    }
    assert found["RELAY-2/2"]["opened"] == ["Z01 loop", "Z03 loop"]
    assert found["RELAY-2/2"]["finding"] == "several"
    reported = {problem["what"]: problem["remedy"] for problem in wrong[0].json["problems"]}
    silent = next(what for what in reported if what.startswith("RELAY-2/0"))
    assert "Z01 loop is opened by RELAY-2/2" in reported[silent]


def test_dead_relays_and_unknown_wires_are_silent(wrong: tuple[Said, bool]) -> None:
    found = relays(wrong[0])
    assert found["RELAY-3/0"]["finding"] == "silent"
    assert found["RELAY-1/0"]["finding"] == "silent"
    assert wrong[0].json["ok"] is False
    assert all(problem["file"] == "inventory.csv" for problem in wrong[0].json["problems"])


def test_what_is_wired_right_is_found_right(wrong: tuple[Said, bool]) -> None:
    found = relays(wrong[0])
    right = {name for name, relay in found.items() if relay["finding"] == "right"}
    assert {"RELAY-2/10", "RELAY-2/12", "RELAY-2/22", "RELAY-1/4", "RELAY-2/26"} <= right
    assert wrong[0].code == 3
    assert no_traceback(wrong[0])


def test_the_check_leaves_every_relay_at_rest_and_names_who_released_it(wrong: tuple[Said, bool]) -> None:
    one, rested = wrong
    assert rested
    released = {entry["action"]: entry["person"] for entry in one.json["bench"]["released"]}
    assert set(released) == {"hold_up", "siren"}
    assert all(released.values())


def test_a_right_bench_is_said_to_be_right(site: Path) -> None:
    one = yanshou("check", site, "--bench", "--emulate", "--lang", "en", cwd=site.parent)
    assert one.code == 0
    assert "every relay opens its own circuit" in one.out
    assert "hold_up released by" in one.out


def test_nothing_is_tripped_that_the_client_did_not_allow(site: Path, tmp_path: Path) -> None:
    strict = branch(tmp_path / "strict", scope=SCOPE, keep=KEEP)
    allowed = 'intrusive = ["siren", "lock_release", "hold_up", "beam"]'
    replace(strict / "site.toml", allowed, 'intrusive = ["siren"]')
    one = yanshou("check", strict, "--bench", "--lang", "en", cwd=tmp_path)
    assert one.code == 2
    assert '"hold_up"' in one.err
    assert "[allow] intrusive" in one.err


def test_nothing_is_tripped_that_nobody_released(tmp_path: Path) -> None:
    refused = branch(tmp_path / "refused", scope=SCOPE, keep=KEEP)
    answers = refused / "answers.toml"
    replace(answers, '[answer."release.*"]\nvalue = "是"', '[answer."release.*"]\nvalue = "否"')
    truth = tmp_path / "truth.jsonl"
    with EmulatedSite(refused, None, truth, video=False):
        one = yanshou("check", refused, "--bench", "--lang", "en", cwd=tmp_path)
    assert one.code == 3
    assert "was not released" in one.err
    assert "relay_on" not in truth.read_text("utf-8")


def test_a_set_partition_stops_the_check(site: Path) -> None:
    with EmulatedSite(site, faults(site, ("PANEL-1", "sets_itself", 0.05)), video=False):
        one = yanshou("check", site, "--bench", "--lang", "en", cwd=site.parent)
        assert at_rest(site)
    assert one.code == 3
    assert "partition 1 is set" in one.err
    assert "Unset it at its keypad" in one.err


@pytest.mark.skipif(not POSIX, reason="kills as POSIX does")
@pytest.mark.parametrize("number", [signal.SIGINT, getattr(signal, "SIGKILL", signal.SIGTERM)])
def test_a_check_that_is_ended_leaves_no_relay_open(site: Path, number: int) -> None:
    # a relay that opens nothing is held for three seconds: long enough to be killed with
    with EmulatedSite(site, faults(site, ("RELAY-2", "relay_dead", 0)), video=False):
        process = start("check", site, "--bench", cwd=site.parent)
        assert eventually(lambda: any(coils_of(site, "RELAY-2")), within=30)
        if number == signal.SIGINT:
            kill_group(process, number)
        else:
            os.kill(process.pid, number)
        assert eventually(lambda: at_rest(site), within=20)
        assert said(process).code != 0


# -- relays that bend lines, cut supplies and trouble the panel itself ---------------------------------------

LAB = Path(__file__).parents[2] / "examples" / "alarm-lab"
WIRED = {
    "PANEL-1": "lid=RELAY-1/16; mains=RELAY-1/17; battery_weak=RELAY-1/19",
    "Z01": "loop=RELAY-1/0; short=RELAY-2/0; supply=RELAY-2/24; mask=RELAY-1/21",
    "Z02": "loop=RELAY-1/1; short=RELAY-2/1; supply=RELAY-2/25",
}
ON_PAPER = {
    "PANEL-1": "lid=RELAY-1/17; mains=RELAY-1/16; battery_weak=RELAY-1/19",
    "Z01": "loop=RELAY-2/24; short=RELAY-2/1; supply=RELAY-1/0; mask=RELAY-1/21",
    "Z02": "loop=RELAY-1/1; short=RELAY-2/0; supply=RELAY-2/25",
}


def rewired(site: Path, into: Path, wiring: Mapping[str, str]) -> Path:
    """A copy of the alarm laboratory at the same addresses, its inventory with this wiring alone."""
    shutil.copytree(site, into)
    path = into / "inventory.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = list(csv.reader(file))
    place = heads.index("wiring")
    kept = [row for row in rows if row[1] != "zone" or row[0] in wiring]
    kept = [[*row[:place], wiring.get(row[0], ""), *row[place + 1 :]] for row in kept]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *kept])
    return into


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return private_copy(LAB, tmp_path_factory.mktemp("lab") / "site")


@pytest.fixture(scope="module")
def troubled(lab: Path) -> Said:
    """A bench whose inventory exchanges relays of lines and of the panel, one of them dead."""
    really = rewired(lab, lab.parent / "really", WIRED)
    paper = rewired(lab, lab.parent / "paper", ON_PAPER)
    with EmulatedSite(really, faults(really, ("RELAY-2", "relay_dead", 25)), video=False):
        return yanshou("check", paper, "--bench", "--json", cwd=lab.parent)


@pytest.mark.parametrize(
    ("relay", "opened", "finding"),
    [
        ("RELAY-2/1", ["Z02 fault"], "wrong"),  # short of Z01 on paper
        ("RELAY-2/0", ["Z01 fault"], "wrong"),
        ("RELAY-1/17", ["PANEL-1 mains"], "wrong"),  # its lid on paper
        ("RELAY-1/16", ["PANEL-1 lid"], "wrong"),
        ("RELAY-2/24", ["Z01 fault"], "wrong"),  # the loop of Z01 on paper: a fault alone is not its loop
        ("RELAY-2/25", [], "silent"),
        ("RELAY-1/21", ["Z01 fault"], "right"),
        ("RELAY-1/1", ["Z02 loop"], "right"),
        ("RELAY-1/19", ["PANEL-1 battery_weak"], "right"),
    ],
)
def test_which_zone_or_trouble_answered_a_relay_is_told(
    troubled: Said, relay: str, opened: list[str], finding: str
) -> None:
    found = relays(troubled)[relay]
    assert (found["opened"], found["finding"]) == (opened, finding)


def test_where_the_exchanged_relay_really_is_stands_in_the_remedy(troubled: Said) -> None:
    reported = {problem["what"].partition(":")[0]: problem["remedy"] for problem in troubled.json["problems"]}
    assert "Z01 short is opened by RELAY-2/24, RELAY-2/0" in reported["RELAY-2/1"]  # both give its fault
    assert "PANEL-1 lid is opened by RELAY-1/16" in reported["RELAY-1/17"]
    assert set(reported) == {"RELAY-2/1", "RELAY-2/0", "RELAY-1/17", "RELAY-1/16", "RELAY-2/24", "RELAY-2/25"}
    assert {entry["action"] for entry in troubled.json["bench"]["released"]} >= {"power_cut"}


def test_power_that_may_not_be_cut_is_not_cut(lab: Path) -> None:
    """The relays of the power are left alone, and the check of the others goes on."""
    site = rewired(lab, lab.parent / "powered", {"PANEL-1": WIRED["PANEL-1"], "Z01": "loop=RELAY-1/0"})
    replace(site / "site.toml", '"power_cut", ', "")
    truth = lab.parent / "truth.jsonl"
    with EmulatedSite(site, None, truth, video=False):
        one = yanshou("check", site, "--bench", "--json", cwd=lab.parent)
    found = relays(one)
    assert found["RELAY-1/17"]["finding"] == found["RELAY-1/19"]["finding"] == "untold"
    assert found["RELAY-1/16"]["finding"] == found["RELAY-1/0"]["finding"] == "right"
    assert "mains_cut" not in truth.read_text("utf-8")
