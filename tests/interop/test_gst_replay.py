# SPDX-License-Identifier: Apache-2.0
"""ONVIF replay against GStreamer: its server played by our driver, our emulated recorder by its client."""

from __future__ import annotations

import json
import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.gstreamer import ALONE, HEIGHT, PROGRAMS, WIDTH, read_code, started
from tests.support.peers import DEBIAN_PYTHON
from tests.support.video_bench import Planted, Running, running
from yanshou.drivers.onvif.replay import replayed
from yanshou.model import RigFault, now
from yanshou.model.recording import Playback
from yanshou.protocols.rtsp import RtspSession

pytestmark = pytest.mark.needs("gstreamer")

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
LENGTH_S, FPS = 12, 10
CLEAN, BROKEN, LAST = 8, 2, 1  # flags as GStreamer's client prints them


@pytest.fixture(scope="module")
def server():
    """The address of a recording that GStreamer replays."""
    script, begin = PROGRAMS / "gst_replay_server.py", str(int(START.timestamp()))
    with started(script, str(WIDTH), str(HEIGHT), begin, str(LENGTH_S)) as port:
        yield f"rtsp://127.0.0.1:{port}/recording"


def played(
    uri: str,
    after_s: float,
    seconds: float,
    *,
    intra: bool = False,
    paced: bool = False,
    apart_s: int = 0,
) -> Playback:
    """What our driver gets from so many seconds after the beginning of the recording."""
    with RtspSession(uri, require="onvif-replay", transport="tcp") as session:
        at = START + timedelta(seconds=after_s)
        how = {"intra": intra, "paced": paced}
        return replayed(session, at, seconds, now(), **how, note=pytest.fail, apart_s=apart_s)


def offsets(play: Playback) -> list[float]:
    return [round((frame.utc - START).total_seconds(), 3) for frame in play.frames_played]


def test_our_driver_reads_the_time_of_every_frame_of_an_independent_server(server):
    play = played(server, 3, 4)
    assert offsets(play) == [3 + n / FPS for n in range(4 * FPS)]
    assert (play.frames, play.decoded) == (40, 40)
    assert [frame.flags for frame in play.frames_played if frame.flags] == ["CD", "C", "C", "C"]
    assert read_code(play.picture) == 30_000  # the picture was taken when its stamp says


def test_intra_frames_alone_and_the_recorded_pace(server):
    fast = played(server, 3, 4, intra=True)
    assert offsets(fast) == [3.0, 4.0, 5.0, 6.0]
    apart = played(server, 1, 9, intra=True, apart_s=3)  # an interval this server does not keep
    assert offsets(apart) == [float(second) for second in range(1, 10)]
    assert [read_code(one) for one in (apart.picture, apart.later)] == [10_000, 90_000]
    begun = time.perf_counter()
    assert offsets(played(server, 5, 1.5, paced=True))[-1] == 6.4
    assert time.perf_counter() - begun > 1.2


def test_a_range_that_ends_or_begins_outside_the_recording_is_played_as_far_as_it_goes(server):
    assert offsets(played(server, 11, 30, intra=True)) == [11.0]
    assert offsets(played(server, -1, 3, intra=True)) == [0.0, 1.0]


def test_nothing_outside_the_recording_is_taken_for_a_picture(server):
    """This server answers 503 where ours answers 457: not played, and said so."""
    with pytest.raises(RigFault, match="503"):
        played(server, 100, 2)


def gstreamer(site: Running, camera: str, start: int, seconds: int, *wishes: str) -> dict[str, Any]:
    """What GStreamer's client gets from our emulated recorder.

    Its jitter buffer may sit out a gap of the stream where the frames after it come late.
    """
    host, port = site.rtsp("NVR-1")
    uri = f"rtsp://{host}:{port}/replay/REC-{camera}"
    times = (str(start), str(start + seconds))
    command = [
        DEBIAN_PYTHON,
        "-W",
        "ignore",
        str(PROGRAMS / "gst_replay_client.py"),
        uri,
        "admin",
        "demo-only",
    ]
    answer = subprocess.run(
        [*command, *times, *wishes], capture_output=True, text=True, timeout=150, check=False, env=ALONE
    )
    assert answer.returncode == 0, answer.stderr  # it ends by itself, and says where it stood
    return json.loads(answer.stdout)


def test_an_independent_client_reads_the_times_of_our_recorder():
    """Its jitter buffer may lose the first frame; all others bear their time, with a display, too."""
    start = int(time.time()) - 3 * 86_400
    with running(attributes={"CAM-3": {"osd": "营业厅 03"}}) as site:
        for camera in ("CAM-2", "CAM-3"):
            got = gstreamer(site, camera, start, 3)
            frames = [(round((at - start) * 25, 2), flags) for at, flags in got["frames"] if at > start]
            assert frames == [(n, {25: CLEAN, 50: CLEAN, 74: LAST}.get(n, 0)) for n in range(1, 75)]
            assert got["units"] >= 73  # the last one it may hold back
        got = gstreamer(site, "CAM-2", start, 6, "intra")
    frames = [(at - start, flags) for at, flags in got["frames"] if at > start]
    assert frames[:4] == [(n, CLEAN) for n in range(1, 5)]  # the last one it may hold back


def test_an_independent_client_is_told_of_a_gap():
    now_s = int(time.time())
    gap = now_s - 2 * 86_400
    with running(Planted("NVR-1", "gap", "2:60")) as site:
        got = gstreamer(site, "CAM-2", gap - 3, 70, "intra")
    times, flags = zip(*got["frames"], strict=True)
    widest = max(range(1, len(times)), key=lambda n: times[n] - times[n - 1])
    assert times[widest] - times[widest - 1] == pytest.approx(61, abs=1)
    assert flags[widest] == CLEAN | BROKEN
