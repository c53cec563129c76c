# SPDX-License-Identifier: Apache-2.0
"""Runs that are interrupted, and runs that get into each other's way: nothing lost, no relay left open."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.rig import (
    POSIX,
    RELAYS,
    Ran,
    Said,
    branch,
    coils_of,
    eventually,
    faults,
    journal,
    kill_group,
    no_traceback,
    said,
    start,
    yanshou,
)
from yanshou.emulation.site.process import EmulatedSite
from yanshou.reports import load

pytestmark = pytest.mark.skipif(not POSIX, reason="signals and process groups of POSIX")

SLOW = "alarm_response_time[Z02]"


@dataclass(frozen=True)
class Story:
    """A run that was interrupted in the middle of an item, and gone on with."""

    how: signal.Signals
    interrupted: Said
    first: Ran
    open_before: bool
    at_rest: bool
    again: Ran


def _at_rest(site: Path) -> bool:
    """Whether every coil reads as de-energised."""
    return all(coils == [False] * RELAYS[name] for name in RELAYS for coils in [coils_of(site, name)])


def _loop_is_open(folder: Path) -> bool:
    return any(event["kind"] == "stimulus" and event["what"] == "open_loop" and event["item"] == SLOW
               for event in journal(folder))  # fmt: skip


HOW = {"SIGKILL": True, "SIGINT": True, "SIGTERM": False}
"""Ctrl-C reaches the whole group, as from a terminal; SIGTERM only the command, as from a service manager."""


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Story]:
    """All stories, side by side: they wait more than they work."""
    base = tmp_path_factory.mktemp("stories")
    with ThreadPoolExecutor(len(HOW)) as pool:
        return dict(zip(HOW, pool.map(lambda how: _story(base / how, how), HOW), strict=True))


@pytest.fixture(params=HOW)
def story(request: pytest.FixtureRequest, stories: Mapping[str, Story]) -> Story:
    """One of the stories."""
    return stories[request.param]


def _story(folder: Path, name: str) -> Story:
    """Three zones; interrupted while the alarm of the second is waited for, and then gone on with."""
    how, whole_group = signal.Signals[name], HOW[name]
    folder.mkdir()
    site = branch(folder / "site", scope=["IAS-RT-01"], keep=["Z01", "Z02", "Z03"])
    arguments = ("run", site, "--run", folder / "run", "--only", "json,junit")
    with EmulatedSite(site, faults(site, ("Z02", "alarm_delay", 1.8)), folder / "truth.jsonl"):
        process = start(*arguments, cwd=folder)
        assert eventually(lambda: _loop_is_open(folder / "run"), within=60), said(process, 1)
        open_before = any(coils_of(site, "RELAY-2"))
        kill_group(process, how) if whole_group else process.send_signal(how)
        interrupted = said(process, 60)
        at_rest = eventually(lambda: _at_rest(site), within=30)
        kept = (folder / "run" / "journal.jsonl").read_bytes()
        results = folder / "run" / "report" / "results.json"
        made = json.loads(results.read_text("utf-8")) if results.exists() else None
        again = yanshou(*arguments, cwd=folder)
        assert (folder / "run" / "journal.jsonl").read_bytes().startswith(kept)
    first = Ran(interrupted, folder / "run")
    first.__dict__["results"] = made  # as they stood then
    return Story(how, interrupted, first, open_before, at_rest, Ran(again, folder / "run"))


def test_no_relay_is_left_open(story: Story) -> None:
    assert story.open_before, "the loop was to be open when the run was interrupted"
    assert story.at_rest


def test_an_orderly_end_is_journaled_and_reported(story: Story) -> None:
    if story.how == signal.SIGKILL:
        assert story.interrupted.code == -signal.SIGKILL
        return
    ended = [event["reason"] for event in story.first.events("session_ended")]
    assert ended == ["interrupted", "complete"]
    assert story.interrupted.code == 3  # untested items left, no non-conformity
    assert story.first.verdicts["IAS-RT-01", "Z01"] == "conform"
    assert story.first.verdicts["IAS-RT-01", "Z02"] == "not_tested"
    assert story.first.verdicts["IAS-RT-01", "Z03"] == "not_tested"
    assert "interrupted" in story.first.finding("IAS-RT-01", "Z02")["reason"]
    assert story.first.finding("IAS-RT-01", "Z03")["reason"] == "not run"
    assert no_traceback(story.interrupted)


def test_the_run_goes_on_where_it_was(story: Story) -> None:
    again = story.again
    assert again.code == 0, again.said
    assert set(again.verdicts.values()) == {"conform"}
    started = [(event["item"], event["attempt"]) for event in again.events("item_started")]
    assert started == [
        ("alarm_response_time[Z01]", 1),
        (SLOW, 1),
        (SLOW, 2),
        ("alarm_response_time[Z03]", 1),
    ]


def test_both_attempts_stay_in_the_journal_and_only_the_whole_one_is_judged(story: Story) -> None:
    finished = [
        (event["attempt"], event["outcome"]) for event in story.again.events("item_finished", item=SLOW)
    ]
    assert finished == [(1, "interrupted"), (2, "done")]
    assert len(story.again.events("finding", item=SLOW)) == 1
    assert story.again.finding("IAS-RT-01", "Z02")["attempts"] == 2


def test_the_report_names_the_interruption(story: Story) -> None:
    view = load(story.again.folder)
    first, second = view.sessions
    assert first.reason == ("" if story.how == signal.SIGKILL else "interrupted")
    assert second.reason == "complete"
    tried = [attempt.outcome for attempt in view.attempts[SLOW]]
    assert tried == ["interrupted", "done"]


def test_sessions_tell_of_the_interruption_and_verify_finds_nothing_wrong(story: Story) -> None:
    sessions = [event["resumed"] for event in story.again.events("session_started")]
    assert sessions == [False, True]
    assert yanshou("verify", story.again.folder, cwd=story.again.folder).code == 0


# -- two runs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crowd:
    """A run under way, and what two others were told that wanted its folder or its bus."""

    same_folder: Said
    same_bus: Said
    other_folder: Path
    first: Ran


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    folder = tmp_path_factory.mktemp("crowd")
    site = branch(folder / "site", scope=["IAS-RT-01"], keep=["Z01", "Z02"], plan={"patience_s": 90})
    arguments = ("run", site, "--only", "json", "--run")
    with EmulatedSite(site, faults(site, ("Z02", "alarm_delay", 80.0))):
        process = start(*arguments, folder / "run", cwd=folder)
        assert eventually(lambda: _loop_is_open(folder / "run"), within=60), said(process, 1)
        second = start(*arguments, folder / "run", cwd=folder)
        third = start(*arguments, folder / "other", cwd=folder)
        same_folder, same_bus = said(second), said(third)
        assert process.poll() is None, "the first run was to be under way still"
        process.send_signal(signal.SIGTERM)  # it would wait for its alarm for long
        first = Ran(said(process), folder / "run")
    return Crowd(same_folder, same_bus, folder / "other", first)


def test_a_second_run_in_the_same_folder_is_refused_in_a_line(crowd: Crowd) -> None:
    assert crowd.same_folder.code == 2
    assert "in use by another run" in crowd.same_folder.err
    assert len(crowd.same_folder.err.splitlines()) == 1
    assert crowd.same_folder.out == ""


def test_a_second_run_on_the_same_bus_is_refused_before_it_begins(crowd: Crowd) -> None:
    assert crowd.same_bus.code == 2
    assert "in use by another run" in crowd.same_bus.err
    assert no_traceback(crowd.same_bus)
    assert journal(crowd.other_folder) == []


def test_the_first_run_is_not_harmed_by_them(crowd: Crowd) -> None:
    assert crowd.first.code == 3  # ended by us while it still waited
    assert crowd.first.of("conform") == {("IAS-RT-01", "Z01")}
    assert crowd.first.of("not_tested") == {("IAS-RT-01", "Z02")}
    assert crowd.first.events("trouble") == []
    assert [event["resumed"] for event in crowd.first.events("session_started")] == [False]
    assert yanshou("verify", crowd.first.folder, cwd=crowd.first.folder).code == 0


# -- only the command dies ----------------------------------------------------------------------------------


def test_the_tests_end_with_the_command_that_started_them(tmp_path: Path) -> None:
    """Nobody is there to stop them: all of them end, and the circuits are restored.

    The last line of the journal is written where that takes a moment only; a busy computer is not waited for.
    """
    site = branch(tmp_path / "site", scope=["IAS-RT-01"], keep=["Z01"], plan={"repetitions": 100})
    run = tmp_path / "run"
    with EmulatedSite(site):
        command = start("run", site, "--run", run, cwd=tmp_path)
        assert eventually(lambda: any(one["kind"] == "stimulus" for one in journal(run)), 60)
        command.kill()  # the process alone, not its group
        said(command, 30)  # tests, acquisition and watchdog had its output, which ends with the last of them
        assert eventually(lambda: _at_rest(site), 5)
    assert not any(event["kind"] == "item_finished" and event["outcome"] == "done" for event in journal(run))
