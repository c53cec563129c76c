# SPDX-License-Identifier: Apache-2.0
"""The lane beside the bench: it writes through the run alone, asks nobody, has no bench, ends with it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.evidence import Journal, read_events
from yanshou.evidence.journal import OWN_LINE
from yanshou.model import Device, DeviceKind, Site, System
from yanshou.model.lifetime import ORPHAN_S
from yanshou.model.trouble import NotBesideError
from yanshou.rig.lent_bench import LentBench

ROOT = Path(__file__).resolve().parents[2]
LANE = """
import signal, time
from yanshou.fixtures.lane_beside import LaneBeside
from yanshou.model import RigFault
from yanshou.model.trouble import NotBesideError
from yanshou.operator import Question
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
lane = LaneBeside()
print("not a line of the journal")
lane.ready()
try:
    lane.ask(Question("k", "?"))
except NotBesideError:
    lane.append("observation", item="i", value=lane.append("measurement", item="i", id="m?")["id"])
try:
    try:
        lane.append("observation", item="full")
    except RigFault as fault:
        lane.append("trouble", item="i", what=fault.what)
    time.sleep(60)
except KeyboardInterrupt:
    lane.append("item_finished", item="i", outcome="interrupted")
"""


@pytest.fixture
def lane() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", LANE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield process
        process.kill()


def _said(lane: subprocess.Popen[str]) -> dict[str, Any]:
    assert lane.stdout is not None
    said: dict[str, Any] = json.loads(lane.stdout.readline())
    _numbers.append(said.pop("number", 0))
    return said


_numbers: list[int] = []


def _tell(lane: subprocess.Popen[str], **message: object) -> None:
    """Answer the last line that was said."""
    assert lane.stdin is not None
    lane.stdin.write(json.dumps(message | {"number": _numbers[-1] if _numbers else 0}) + "\n")
    lane.stdin.flush()


def _up_to_its_wait(lane: subprocess.Popen[str]) -> None:
    _tell(lane, items=["i"], absent=[], devices=[], released=None)
    assert _said(lane) == {"ready": True}, "what a test prints is no record"
    assert _said(lane)["kind"] == "measurement"
    _tell(lane, event={"id": "m7"})
    assert _said(lane) == {"kind": "observation", "fields": {"item": "i", "value": "m7"}}
    _tell(lane, event={})
    assert _said(lane)["fields"] == {"item": "full"}
    lane_answers_late = json.dumps({"number": _numbers[-1] - 1, "event": {}}) + "\n"
    assert lane.stdin is not None
    lane.stdin.write(lane_answers_late)  # of a line that Ctrl-C interrupted
    _tell(lane, fault={"what": "the disk is full.", "device": "", "remedy": ""})
    assert _said(lane)["fields"] == {"item": "i", "what": "the disk is full."}
    _tell(lane, event={})


def test_each_line_waits_for_the_run_and_stop_ends_the_item_in_order(lane: subprocess.Popen[str]) -> None:
    _up_to_its_wait(lane)
    _tell(lane, stop=True)
    assert _said(lane)["fields"] == {"item": "i", "outcome": "interrupted"}
    _tell(lane, event={})
    assert lane.wait(30) == 0


def test_it_ends_with_the_run(lane: subprocess.Popen[str]) -> None:
    _up_to_its_wait(lane)
    assert lane.stdin is not None
    lane.stdin.close()
    lane.wait(ORPHAN_S + 30)


def _lent(beside: list[str] | None) -> tuple[LentBench, list[set[str]]]:
    """The bench of a site with two boards, and the devices with which it was opened each time."""
    devices = {
        name: Device(name, DeviceKind.RELAY_BOARD, System.SITE, name) for name in ("RELAY-1", "RELAY-2")
    }
    opened: list[set[str]] = []

    @contextlib.contextmanager
    def opening(site: Site) -> Iterator[Any]:
        opened.append(set(site.devices))
        yield SimpleNamespace(rest=lambda: None)

    return LentBench(Site("s", "s", Path(), "UTC", {}, {}, devices), beside, opening), opened


def test_a_lane_without_devices_has_no_bench() -> None:
    bench, opened = _lent([])
    with pytest.raises(NotBesideError):
        bench.opened()
    assert not opened


def test_no_device_is_on_two_benches_at_the_same_time() -> None:
    (run, of_run), (lane, of_lane) = _lent(None), _lent(["RELAY-2"])
    run.opened()
    run.lend({"RELAY-2"})
    run.opened()
    lane.opened()
    run.lend(())
    run.opened()
    assert of_run == [{"RELAY-1", "RELAY-2"}, {"RELAY-1"}, {"RELAY-1", "RELAY-2"}]
    assert of_lane == [{"RELAY-2"}]


def test_two_lanes_write_one_unbroken_chain(tmp_path: Path) -> None:
    path, each = tmp_path / "journal.jsonl", 40
    with Journal(path) as journal:

        def write() -> None:
            for _ in range(each):
                journal.append("measurement", id=OWN_LINE)

        others = [threading.Thread(target=write) for _ in range(2)]
        for other in others:
            other.start()
        write()
        for other in others:
            other.join()
    events = list(read_events(path))
    assert [event["id"] for event in events] == [f"m{n}" for n in range(1, 3 * each + 1)]
