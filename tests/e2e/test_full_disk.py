# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up while a run is under way: told in a line, nothing lost, the run goes on later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.rig import POSIX, RELAYS, Ran, Said, branch, coils_of, journal, yanshou
from yanshou.emulation.site.process import EmulatedSite

pytestmark = pytest.mark.skipif(not POSIX, reason="limits the size of files by setrlimit")

# the journal and everything after it may grow to this size and no further, as on a disk with that much left
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@dataclass(frozen=True)
class Story:
    """One item measured; then the disk fills up in the middle of the next; then there is room again."""

    full: Ran
    verified: Said
    at_rest: bool
    again: Ran


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("disk")
    site = branch(folder / "site", scope=["IAS-RT-01", "ACS-AL-02"], keep=["Z01", "Z02", "D01"])
    arguments = ("run", site, "--run", folder / "run", "--only", "json")
    with EmulatedSite(site):
        yanshou(*arguments, "--", "--yanshou-device=D01", cwd=folder)
        written = (folder / "run" / "journal.jsonl").read_bytes()
        first_line, item = written.index(b"\n"), written.index(b'"item_started"')
        left = len(written) + item - first_line + 1500  # a session says as much again before its first item
        full = yanshou(*arguments, cwd=folder, python=LIMIT.format(left))
        first = Ran(full, folder / "run")
        assert first.verdicts  # read now: the report is written again below
        first.__dict__["kept"] = journal(folder / "run")
        verified = yanshou("verify", folder / "run", cwd=folder)
        at_rest = all(coils_of(site, name) == [False] * count for name, count in RELAYS.items())
        again = yanshou(*arguments, cwd=folder)
    return Story(first, verified, at_rest, Ran(again, folder / "run"))


def test_the_full_disk_is_told_in_one_line_and_the_run_ends_there(story: Story) -> None:
    assert story.full.code == 3
    assert story.full.said.err.count("\n") == 1
    assert "cannot write evidence" in story.full.said.err
    assert "Make room" in story.full.said.err
    assert story.full.verdicts["ACS-AL-02", "D01"] == "conform"
    assert story.full.verdicts["IAS-RT-01", "Z01"] == "not_tested"
    assert story.full.verdicts["IAS-RT-01", "Z02"] == "not_tested"


def test_what_was_written_stays_verifiable_and_no_relay_is_left_open(story: Story) -> None:
    assert story.verified.code == 0, story.verified
    assert story.at_rest


def test_with_room_again_the_run_goes_on_and_nothing_was_lost(story: Story) -> None:
    assert story.again.code == 0, story.again.said
    assert set(story.again.verdicts.values()) == {"conform"}
    kept = story.full.__dict__["kept"]
    assert story.again.events()[: len(kept)] == kept
    started = [event["item"] for event in story.again.events("item_started")]
    assert started.count("forced_door_alarm[D01]") == 1
    assert started.count("alarm_response_time[Z01]") == 2


def test_a_run_that_cannot_even_begin_says_so_and_may_be_begun_again(tmp_path: Path) -> None:
    site = branch(tmp_path / "site", scope=["NMG-16-01"], keep=[])
    arguments = ("run", site, "--run", tmp_path / "run", "--only", "json")
    result = yanshou(*arguments, cwd=tmp_path, python=LIMIT.format(8000))
    assert result.code == 3
    assert result.err.count("\n") == 1
    assert "Make room" in result.err
    assert yanshou(*arguments, cwd=tmp_path).code == 0
