# SPDX-License-Identifier: Apache-2.0
"""The wall clock at a moment of the monotonic clock, though the processor is given away between the two."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from tests.support.places import ROOT
from yanshou.emulation.video.sending import _Sending
from yanshou.model import both_clocks, now, utc_of

PAUSE_S = 0.05
WALL, MONOTONIC = r"(time\.time\(\)|datetime\.now\()", r"((?<![\w.])now\(\)|perf_counter\(\))"
COMPARED = re.compile(f"{WALL}.*-.*{MONOTONIC}|{MONOTONIC}.*-.*{WALL}")


def paused(read: Callable[[], float], times: int) -> Callable[[], float]:
    """A clock after whose first ``times`` readings another process has the processor for 50 ms."""
    left = [None] * times

    def reading() -> float:
        shown = read()
        if left:
            left.pop()
            time.sleep(PAUSE_S)
        return shown

    return reading


@pytest.mark.parametrize("which", ["time", "perf_counter"])
@pytest.mark.parametrize("pauses", [0, 1, 5])
def test_a_pause_between_the_two_clocks_moves_neither(
    monkeypatch: pytest.MonkeyPatch, which: str, pauses: int
) -> None:
    asked = now()
    right = time.time() - (time.perf_counter() - asked)
    monkeypatch.setattr(time, which, paused(getattr(time, which), pauses))
    assert utc_of(asked) == pytest.approx(right, abs=PAUSE_S / 5)


def test_a_computer_that_always_pauses_says_how_far_apart_the_clocks_were_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "time", paused(time.time, 100))
    before, wall, after = both_clocks()
    monkeypatch.undo()
    assert after - before >= PAUSE_S
    assert wall - (before + after) / 2 == pytest.approx(utc_of(0.0), abs=(after - before) / 2 + 1e-3)


def test_an_emulated_camera_shows_the_time_its_picture_was_taken_at() -> None:
    sending = object.__new__(_Sending)
    sending._start = time.perf_counter() - 3.0
    sending._device = type("Device", (), {"now": staticmethod(paused(time.time, 2))})()
    right = time.time() - 1.0
    assert sending._clock_at(2.0) == pytest.approx(right, abs=PAUSE_S / 5)


def test_no_line_compares_the_two_clocks_by_itself() -> None:
    found = []
    for path in sorted((ROOT / "harness").rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if COMPARED.search(line) and "emulation" not in path.parts and path.name != "clock.py":
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()}")
    assert found == []
