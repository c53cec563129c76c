# SPDX-License-Identifier: Apache-2.0
"""Two processes with relays, and one or both are killed: no relay stays away from rest, no item is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.rig import (
    RELAYS,
    Ran,
    Said,
    branch,
    coils_of,
    eventually,
    faults,
    journal,
    kill_group,
    said,
    start,
    yanshou,
)
from yanshou.emulation.site.process import EmulatedSite

PROCESSES = Path("/proc")
pytestmark = pytest.mark.skipif(not PROCESSES.is_dir(), reason="finds the process of a lane in /proc")
FORCED, REFUSED = "forced_door_alarm[D01]", "unauthorised_credential_refused[D01]"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ran]:
    """Of each run what was left at the end; it was killed while relays of both benches were operated."""
    base = tmp_path_factory.mktemp("killed")
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(("all", "lane"), pool.map(lambda who: _story(base / who), ("all", "lane")), strict=True)
        )


def _story(folder: Path) -> Ran:
    folder.mkdir()
    site = branch(folder / "site", scope={"ACS-AL-02", "ACS-DN-01", "IAS-RT-01"}, keep={"Z01", "Z02", "D01"})
    script = faults(site, ("D01", "forced_door_delay", 4.0), ("PANEL-1", "alarm_delay", 1.0))
    run = folder / "run"
    arguments = ("run", site, "--run", run, "--only", "json,junit", "--", "--yanshou-spare=1")
    with EmulatedSite(site, script):
        process = start(*arguments, cwd=folder)
        assert eventually(lambda: _both_moved(site, run), within=120), said(process, 1)
        if folder.name == "all":
            kill_group(process, signal.SIGKILL)
            said(process, 60)
            assert eventually(lambda: _at_rest(site, RELAYS), within=30), "restored by the watchdogs"
            ended: Said = yanshou(*arguments, cwd=folder)
        else:
            os.kill(_process_of_the_lane(run), signal.SIGKILL)
            assert eventually(lambda: _at_rest(site, {"RELAY-3"}), within=30), "restored by its watchdog"
            ended = said(process)
        coils = {name: coils_of(site, name) for name in RELAYS}
    return Ran(ended, run, coils=coils)


def _both_moved(site: Path, run: Path) -> bool:
    """Whether the bench has triggered a zone, and the door is held open by a relay of its own bench."""
    triggered = any(event["kind"] == "stimulus" and event["what"] == "open_loop" for event in journal(run))
    return triggered and any(coils_of(site, "RELAY-3"))


def _at_rest(site: Path, boards: Collection[str]) -> bool:
    return all(coils_of(site, name) == [False] * RELAYS[name] for name in boards)


def _process_of_the_lane(run: Path) -> int:
    for process in PROCESSES.glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--yanshou-beside" in command and any(str(run).encode() in one for one in command):
            return int(process.name)
    raise AssertionError("no process of a lane")


@pytest.mark.parametrize("killed", ["all", "lane"])
def test_all_is_done_in_the_end_and_every_relay_at_rest(ran: Mapping[str, Ran], killed: str) -> None:
    one = ran[killed]
    assert not one.of("not_tested"), one.said
    assert {("ACS-AL-02", "D01"), ("ACS-DN-01", "D01"), ("IAS-RT-01", "Z01")} <= one.verdicts.keys()
    assert all(coils == [False] * RELAYS[name] for name, coils in one.coils.items())


@pytest.mark.parametrize("killed", ["all", "lane"])
def test_what_the_killed_process_was_at_is_done_anew(ran: Mapping[str, Ran], killed: str) -> None:
    ended = [
        (event["attempt"], event["outcome"]) for event in ran[killed].events("item_finished", item=FORCED)
    ]
    assert ended[0] == (1, "interrupted")
    assert ended[-1][0] == 2
    assert ended[-1][1] != "interrupted"
    assert ran[killed].events("item_finished", item=REFUSED)
