# SPDX-License-Identifier: Apache-2.0
"""The screen time code: what a browser draws is read again, no picture is misread, delays are right."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tests.support.onvif_devices import camera
from tests.support.peers import require
from tests.support.video_bench import Planted, running
from yanshou.cli.commands.timecode import page
from yanshou.cli.main import main
from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.emulation.video.timecode import CodeScreen
from yanshou.equipment.screen_code import CodeFrame, drawn, find, wait_shown, watch
from yanshou.evaluation.delay import picture_delay
from yanshou.imaging.timecode import PERIOD_MS, TimeCodeReader, crc16
from yanshou.model import Instant, RigFault, Statistic

NOW = 1_795_000_000.25
STEP = 1 / 60
Luma = npt.NDArray[np.uint8]


def emulated(at: float = NOW, size: tuple[int, int] = (1280, 720)) -> Luma:
    """A grey room with the screen as the emulated camera sees it: drawn by other code than the page's."""
    width, height = size
    picture = np.full((height * 3 // 2, width), 90, np.uint8)
    CodeScreen().draw(picture, at)
    return picture[:height].copy()


def newest(at: float) -> int:
    return int(1000 * int(at * 60) / 60) % PERIOD_MS


def spoilt(luma: Luma, seed: int, *, blur: float = 1.2, noise: float = 6.0, tilt: float = 0.06) -> Luma:
    """As a camera beside the screen sees it: in perspective, out of focus, dim and noisy."""
    chance, (height, width) = np.random.default_rng(seed), luma.shape
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = corners * 0.8 + np.float32([0.1 * width, 0.1 * height])
    moved += np.float32(chance.uniform(-tilt, tilt, (4, 2)) * [width, height])
    warp = cv2.getPerspectiveTransform(corners, moved)
    seen = cv2.warpPerspective(luma, warp, (width, height), borderValue=70.0)
    seen = cv2.GaussianBlur(seen, (0, 0), blur).astype(np.float64) * 0.6 + 20
    return np.clip(seen + chance.normal(0, noise, seen.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Luma, float, float]:
    """What chromium draws of the page, and between which times it did."""
    folder = tmp_path_factory.mktemp("timecode")
    html, png = folder / "code.html", folder / "shot.png"
    assert main(["timecode", "--out", str(html)]) == 0
    command = [
        require("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
        "--window-size=1280,720", "--timeout=2500", f"--screenshot={png}", html.as_uri(),
    ]  # fmt: skip
    begun = time.time()
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    return np.asarray(cv2.imread(str(png), cv2.IMREAD_GRAYSCALE), np.uint8), begun, time.time()


def test_what_a_browser_draws_is_the_time_it_was_drawn_at(shot: tuple[Luma, float, float]):
    luma, begun, ended = shot
    shown = TimeCodeReader().read(luma)
    assert shown is not None
    age_ms = (1e3 * ended - shown.ms) % PERIOD_MS
    assert 0 <= age_ms <= 1e3 * (ended - begun)


@pytest.mark.parametrize("seed", range(8))
def test_the_browsers_page_is_read_through_a_lens(shot: tuple[Luma, float, float], seed: int):
    straight = TimeCodeReader().read(shot[0])
    through = TimeCodeReader().read(spoilt(shot[0], seed))
    assert straight is not None
    assert through is not None
    assert (through.ms, through.step_s) == (straight.ms, straight.step_s)


def test_the_page_asks_for_nothing_and_is_written_where_it_was_asked(tmp_path: Path, capsys):
    assert b"http" not in page()
    assert b"src=" not in page()
    assert main(["timecode", "--out", str(tmp_path)]) == 2
    assert "folder" in capsys.readouterr().err


@pytest.mark.parametrize("size", [(352, 288), (1280, 720), (1920, 1080)])
def test_the_newest_of_four_rows_is_told(size: tuple[int, int]):
    reader = TimeCodeReader()
    for number in range(12):
        at = NOW + number * 0.04
        shown = reader.read(emulated(at, size))
        assert shown is not None
        assert (shown.ms, shown.rows) == (newest(at), 4)
        assert shown.step_s == pytest.approx(STEP, abs=3e-4)


def test_a_day_that_begins_the_counter_anew_is_no_old_time():
    wraps = (int(NOW * 1000) // PERIOD_MS + 1) * PERIOD_MS / 1000
    shown = TimeCodeReader().read(emulated(wraps + 0.034))
    assert shown is not None
    assert shown.ms == newest(wraps + 0.034) < 100


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_picture_exposed_while_a_row_changes_shows_one_that_stood(share: float):
    """Two refreshes in one exposure, so one row is both: the newer time or the last that stood is told."""
    both = (1 - share) * emulated(NOW).astype(float) + share * emulated(NOW + STEP)
    shown = TimeCodeReader().read(both.astype(np.uint8))
    assert shown is not None
    assert shown.rows >= 3
    assert shown.ms in (newest(NOW), newest(NOW - STEP), newest(NOW + STEP))


def test_no_time_is_read_out_of_what_is_none():
    chance, reader = np.random.default_rng(7), TimeCodeReader()
    assert reader.read(emulated()) is not None  # now it knows where to look
    for _ in range(300):
        luma = emulated()
        luma[158:386, 416:864] = chance.choice(np.array([28, 215], np.uint8), (228, 448))
        shown = reader.read(luma)
        assert shown is None or shown.ms == newest(NOW)
    assert reader.read(np.full((720, 1280), 90, np.uint8)) is None


def test_the_check_sum_is_that_of_its_name():
    assert crc16(b"123456789") == 0x29B1  # CRC-16/CCITT-FALSE


# -- the delays


def frames(delay: float, seconds: float = 20.0, *, seed: int = 3) -> list[CodeFrame]:
    """25 frames a second of a screen that changes 60 times a second and takes 30 ms to show it."""
    chance, made = np.random.default_rng(seed), []
    for number in range(int(25 * seconds)):
        exposed = 100.0 + number * 0.04 + chance.uniform(0, 1e-4)
        shown = int((exposed - 0.03) / STEP) * STEP
        made.append(CodeFrame(Instant(exposed + delay, exposed + delay + 0.003), shown, STEP))
    return made


def asked(count: int = 30, seconds: float = 16.0) -> list[float]:
    return drawn(Instant(101.0, 101.0 + seconds), count, 1)


def test_the_true_delay_and_the_wait_for_the_next_frame_lie_within_u():
    """A change at a random moment waits half a frame on the average: 0.350 s and 0.020 s."""
    seen = find(frames(0.350), asked(), screen_s=0.060)
    made = picture_delay("camera_delay", "CAM", seen, Statistic.MEAN, patience=2.0)
    assert (len(seen.latencies), seen.missing) == (30, 0)
    assert made.U is not None
    assert made.value == pytest.approx(0.370, abs=made.U)
    assert made.U < 0.06
    assert {one.name for one in made.budget} >= {"refresh of the time code", "latency of the screen"}
    assert made.details["method"] == "屏幕时间码"
    assert len(set(asked())) == 30


def test_a_change_that_no_frame_shows_is_later_than_the_wait():
    late = [frame for frame in frames(0.3) if frame.there.latest < 110]
    seen = find(late, asked(), screen_s=0.1)
    assert seen.missing > 0
    made = picture_delay("camera_delay", "CAM", seen, Statistic.MAX, patience=2.0)
    assert (made.value, made.at_least) == (None, 2.0)


def test_frames_that_cannot_be_read_widen_and_never_shift():
    torn = [
        CodeFrame(frame.there, None) if number % 3 == 1 else frame
        for number, frame in enumerate(frames(0.35))
    ]
    for one, true in zip(
        find(torn, asked(), screen_s=0.06).latencies,
        find(frames(0.35), asked(), screen_s=0.06).latencies,
        strict=True,
    ):
        assert one.least <= true.least <= true.most <= one.most


def test_a_page_that_stands_and_an_unreadable_one_are_faults_of_the_bench():
    standing = [CodeFrame(one.there, min(one.shown or 0.0, 108.0), STEP) for one in frames(0.3)]
    with pytest.raises(RigFault, match="stood still"):
        find(standing, asked(), screen_s=0.1)
    dark = [CodeFrame(one.there, None) if number % 5 else one for number, one in enumerate(frames(0.3))]
    with pytest.raises(RigFault, match="100 of 500 frames"):
        find(dark, asked(), screen_s=0.1)


# -- through an emulated camera


def test_the_delay_of_a_camera_that_sees_the_screen_is_told_right():
    reported = {"CAM-2": {"timecode": True, "picture_format": "CIF"}}
    with running(Planted("CAM-2", "delay", 0.30), attributes=reported) as site:
        seeing = camera(site, "CAM-2")
        wait_shown(seeing, 5.0)
        made, window = watch(seeing, 10, 1.5)
    seen = find(made, drawn(window, 10, 1), screen_s=0.0)
    assert seen.missing == 0
    # A busy computer takes a frame late; the bracket of its arrival says by how much at the most.
    late = max(frame.there.latest - frame.there.earliest for frame in made)
    assert all(one.most >= 0.30 - STEP for one in seen.latencies)
    assert 0.30 - STEP - late <= min(one.least for one in seen.latencies) < 0.30 + 0.06


def test_a_page_of_another_clock_is_refused(monkeypatch: pytest.MonkeyPatch):
    reported = {"CAM-2": {"timecode": True, "picture_format": "CIF"}}
    monkeypatch.setattr("yanshou.emulation.video.device.CodeScreen", lambda _ahead: CodeScreen(-5.0))
    with running(attributes=reported) as site, pytest.raises(RigFault, match="not of this computer's clock"):
        watch(camera(site, "CAM-2"), 1, 0.3)


def test_a_view_without_the_page_is_told():
    with running() as site:
        other: OnvifCamera = camera(site, "CAM-2")
        with pytest.raises(RigFault, match="no time code can be read"):
            wait_shown(other, 0.0)
