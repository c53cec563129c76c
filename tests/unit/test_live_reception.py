# SPDX-License-Identifier: Apache-2.0
"""Reception and picture delay on a live emulated camera, whose truth is known."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.benchmarks import bench_rtp_truth as truth
from tests.support.onvif_devices import camera
from tests.support.video_bench import Planted, running
from yanshou import evaluation as evaluate
from yanshou.drivers.capabilities import Camera
from yanshou.emulation.video import Lamp
from yanshou.equipment.optical import Led, decoded_delays
from yanshou.equipment.path_capture import PathCapturer, udp_checksum_errors
from yanshou.evaluation.delay import LedDelays
from yanshou.model import Instant, RigFault, now
from yanshou.model.stream import SecondReading


@dataclass
class NotedJournal:
    """What would be journaled, kept in memory."""

    notes: list[tuple[str, object]] = field(default_factory=list)

    def stimulus(self, what: str, via: str, instant: Instant) -> Instant:
        self.notes.append((what, instant))
        return instant

    def observation(self, what: str, via: str, instant: object, value: object = None) -> object:
        self.notes.append((what, value))
        return instant

    def evidence(self, data: bytes, name: str, media_type: str, note: str = "") -> str:
        self.notes.append((name, len(data)))
        return name


class Relay:
    """Switches an emulated diode without any bus."""

    name = "RELAY-1/0"

    def __init__(self, lamp: Lamp) -> None:
        self._lamp = lamp

    def _switch(self, *, on: bool) -> Instant:
        before = now()
        self._lamp.switched(on, time.perf_counter())
        return Instant(before, now())

    def operate(self) -> Instant:
        return self._switch(on=True)

    def release(self) -> Instant:
        return self._switch(on=False)


def test_the_delay_of_the_picture_is_the_delay_that_was_planted():
    """No change is seen before the planted delay, and the soonest one within a frame period after it.

    On a busy computer frames come late, some so late that none can be told to follow the light: that is a
    fault of the bench, after which an item is tried once more.
    """
    lamp = Lamp()
    delayed = running(Planted("CAM-1", "delay", 0.15), lamps={"CAM-1": lamp})
    with delayed as site, camera(site, "CAM-1") as one:
        seen = delays_in_three_tries(one, Led(Relay(lamp), NotedJournal()))
    assert min(delay.most for delay in seen.latencies) > 0.15
    assert min(delay.middle for delay in seen.latencies) < 0.15 + 0.04 + 0.05
    assert not lamp.lit(time.perf_counter())  # dark again, whatever happened


def delays_in_three_tries(one: Camera, led: Led) -> LedDelays:
    """The delays of ten changes that were all seen."""
    for _ in range(3):
        try:
            seen = decoded_delays(one, led, 10, 1.5)
        except RigFault:
            continue
        if seen.missing == 0:
            assert len(seen.latencies) == 10
            return seen
    pytest.fail("no change of the light could be followed in three tries")


def test_one_session_serves_all_tests_of_the_path():
    item_journal = NotedJournal()
    surveyor = PathCapturer(item_journal)
    with running(attributes={"CAM-2": {"packet_bytes": 200}}) as site, camera(site, "CAM-2") as one:
        survey = surveyor.survey(one, 5.0)
        assert surveyor.survey(one, 5.0) is survey
    sessions = [value for what, value in item_journal.notes if what == "stream survey"]
    assert len(sessions) == 1
    made = evaluate.network.packet_loss("CAM-2", survey.capture)
    assert (made.value, made.n) == (0.0, len(survey.capture.reception.packets))
    assert made.interval[1] > 0  # nothing lost is never nothing to be lost
    errors = evaluate.network.packet_errors("CAM-2", survey.capture, survey.checksum_errors or 0)
    assert errors.value == 0.0
    jitter = evaluate.network.delay_jitter("CAM-2", survey.capture)
    assert jitter.unit == "ms"
    assert any("短于一个 1 min 窗口" in text for text in jitter.deviations)
    with pytest.raises(RigFault, match="不提供 UDP 校验和错误计数"):
        evaluate.network.packet_errors("CAM-2", survey.capture, None)


def test_a_second_payload_of_the_same_source_is_no_loss_and_tears_no_picture():
    with running(Planted("CAM-3", "second_payload", True)) as site, camera(site, "CAM-3") as one:
        found = one.capture(2.0, transport="udp")
    made = evaluate.network.packet_loss("CAM-3", found)
    assert found.reception.foreign > 20
    assert (made.value, found.lost) == (0.0, 0)
    assert all(frame.complete for frame in found.frames)


def test_loss_is_not_measured_where_it_is_hidden():
    with running() as site, camera(site, "CAM-1") as one:
        over_tcp = one.capture(0.5, transport="tcp")
        second = one.second_reading(0.8)
    with pytest.raises(RigFault, match="测不出丢包率"):
        evaluate.network.packet_loss("CAM-1", over_tcp)
    assert (second.width, second.height) == (1280, 720)
    assert second.frames > 0


def test_another_reader_that_disagrees_closes_the_gate():
    with running(Planted("CAM-3", "fps", 12)) as site, camera(site, "CAM-3") as one:
        found, declared = one.capture(1.5), one.declared_stream()
    agreeing = SecondReading(20, 12.0, 1280, 720)
    assert not evaluate.frame_rate("CAM-3", found, declared, agreeing).invalid
    by_chance = SecondReading(24, 16.0, 1280, 720)  # both miss frames, in two sessions of 1.5 s
    assert not evaluate.frame_rate("CAM-3", found, declared, by_chance).invalid
    whole = SecondReading(36, 24.0, 1280, 720)
    assert "两种读取器不一致" in evaluate.frame_rate("CAM-3", found, declared, whole).invalid
    other = SecondReading(40, 25.0, 1280, 720)
    assert "两种读取器不一致" in evaluate.frame_rate("CAM-3", found, declared, other).invalid


def test_a_busy_run_does_not_delay_the_stamps():
    """A thread of the run holds the interpreter all the time; stamps are taken in another process."""
    ended = threading.Event()

    def busy() -> None:
        while not ended.is_set():
            sum(range(20_000))

    threads = [threading.Thread(target=busy)]
    for thread in threads:
        thread.start()
    try:
        found = truth.measure(0.0, 0.0, frames=110)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert found["median_late_ms"] < 1e3 / truth.FPS / 2  # half a frame period of the sender
    assert found["lost"] == found["truly_lost"] == 0


def test_checksum_errors_are_counted_where_the_system_tells_them():
    reported = udp_checksum_errors()
    assert (reported is None) == (not Path("/proc/net/snmp").is_file())
    assert reported is None or reported >= 0
