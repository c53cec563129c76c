# SPDX-License-Identifier: Apache-2.0
"""The stream beside what is declared of it, and its age by the sender reports, on emulated cameras."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from test_suites.video import test_live

from tests.support.onvif_devices import camera
from tests.support.video_bench import Planted, Running, running
from yanshou import evaluation as evaluate
from yanshou.drivers.clock.offset import wall_clock_reference
from yanshou.metrology.utc import OffsetBracket
from yanshou.model import RigFault

DELAY, AHEAD = 0.35, 337.4


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    """One camera is late and its clock ahead, one sends less than it declares, one tells another codec."""
    with running(
        Planted("CAM-1", "delay", DELAY),
        Planted("CAM-1", "clock_offset", AHEAD),
        Planted("CAM-2", "declared", "1920x1080"),
        Planted("CAM-2", "no_sender_reports", True),
        Planted("CAM-3", "wrong_description", True),
    ) as begun:
        yield begun


def test_a_faultless_stream_is_as_declared(site: Running):
    seen = camera(site, "CAM-1")
    made = evaluate.stream_as_declared("CAM-1", seen.capture(2.5), seen.declared_stream())
    assert (made.value, made.n, made.invalid) == (True, 7, "")
    assert not made.details["because"]


def test_every_difference_is_told_with_both_sides(site: Running):
    seen = camera(site, "CAM-2")
    made = evaluate.stream_as_declared("CAM-2", seen.capture(1.5), seen.declared_stream())
    assert made.value is False
    assert made.details["because"] == "分辨率 1280×720，声明 1920×1080"
    other = camera(site, "CAM-3")
    lying = evaluate.stream_as_declared("CAM-3", other.capture(1.5), other.declared_stream())
    assert lying.value is False
    assert "会话描述的编码 h264，声明 hevc" in str(lying.details["because"])


def test_a_camera_is_asked_what_it_declares_after_its_session(monkeypatch: pytest.MonkeyPatch):
    """A device of GB/T 28181-2016 says it in its answer to INVITE and nowhere else."""
    order: list[str] = []

    def session(evaluate_it: Callable[[Any], object]) -> None:
        order.append("session")
        evaluate_it(SimpleNamespace(capture=None))

    monkeypatch.setattr(evaluate, "stream_as_declared", lambda *_: None)
    seen = SimpleNamespace(
        device=SimpleNamespace(id="CAM-5"), declared_stream=lambda: order.append("declared")
    )
    test_live.test_stream_as_declared(cast("Any", seen), cast("Any", SimpleNamespace(measured=session)))
    assert order == ["session", "declared"]


def test_the_age_is_the_delay_whatever_the_cameras_clock(site: Running):
    capture = camera(site, "CAM-1").capture(2.5)
    bracket = OffsetBracket(AHEAD - 0.01, AHEAD + 0.01, 6)
    made = evaluate.stream_age("CAM-1", capture, bracket, wall_clock_reference())
    assert made.U is not None
    assert capture.reception is not None
    late = capture.reception.late_s  # what a busy computer adds
    assert made.U == pytest.approx(2 * math.sqrt((0.01**2 + 0.001**2 + late**2) / 3))
    assert made.invalid == ""
    assert made.value == pytest.approx(DELAY, abs=made.U + 0.02)  # what this computer's load adds


def test_reports_of_another_clock_give_no_age(site: Running):
    capture = camera(site, "CAM-1").capture(1.0)
    made = evaluate.stream_age("CAM-1", capture, OffsetBracket(-0.01, 0.01, 6), wall_clock_reference())
    assert "不是设备显示的时钟" in made.invalid
    with pytest.raises(RigFault, match="发送方报告"):
        evaluate.stream_age(
            "CAM-2",
            camera(site, "CAM-2").capture(1.0),
            OffsetBracket(-0.01, 0.01, 6),
            wall_clock_reference(),
        )
