# SPDX-License-Identifier: Apache-2.0
"""Reception against GStreamer's RTSP server: H.264 and H.265, several slices, digest, UDP and TCP.

The pictures carry the time they were made at, so that a frame is known to be whole, and how old it is.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from yanshou.acquisition.media import KEEP_ALL, StreamOrder
from yanshou.acquisition.receiver import Receiver
from yanshou.metrology.packets import loss
from yanshou.model import RigFault
from yanshou.protocols.rtsp.bitstream import slices
from yanshou.protocols.rtsp.decode import decode

SERVER = Path(__file__).with_name("gst_rtsp_server.py")
PYTHON = "/usr/bin/python3"
BITS = 32
WIDTH, HEIGHT = 640, 352

H264 = (
    "x264enc key-int-max=10 bframes=0 sliced-threads=false threads=1 tune=zerolatency speed-preset=ultrafast"
)
SLICED = "x264enc key-int-max=10 bframes=0 tune=zerolatency threads=2 speed-preset=ultrafast"
H265 = "x265enc key-int-max=10 tune=zerolatency speed-preset=ultrafast option-string=pools=none:bframes=0"
FEWEST = 12  # frames, to say something of them
PAY264 = "rtph264pay name=pay0 pt=96"
PAY265 = "rtph265pay name=pay0 pt=96"


def _has_gstreamer() -> bool:
    asked = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    with contextlib.suppress(OSError):
        return subprocess.run([PYTHON, "-c", asked], capture_output=True, check=False).returncode == 0
    return False


pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        not _has_gstreamer(),
        reason="Debian's gir1.2-gst-rtsp-server-1.0 for /usr/bin/python3 is not installed",
    ),
]


@contextlib.contextmanager
def served(elements: str, *account: str) -> Iterator[str]:
    """The address of a stream that is served."""
    with started(SERVER, str(WIDTH), str(HEIGHT), elements, *account) as port:
        yield f"rtsp://127.0.0.1:{port}/stream"


@contextlib.contextmanager
def started(script: Path, *arguments: str) -> Iterator[int]:
    """The port of a server that runs in Debian's python3 and takes its port as first argument."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [PYTHON, "-W", "ignore", str(script), str(port), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        yield port
    finally:
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def received(uri: str, seconds: float = 2.4, **order: object) -> Receiver:
    """A finished session with all its frames; a longer one where a busy machine coded few meanwhile."""
    for longer in (1, 4, 12):
        with Receiver(StreamOrder(uri, seconds=longer * seconds, keep=KEEP_ALL, **order)) as receiver:
            receiver.open()
            receiver.finish()
        if len(receiver.frames) > FEWEST:
            break
    return receiver


def read_code(luma: np.ndarray) -> int | None:
    """The time code of a picture in tenths of a millisecond; None when a bar is neither dark nor bright."""
    bar, rows = luma.shape[1] // BITS, slice(luma.shape[0] // 8, 3 * luma.shape[0] // 8)
    means = [float(luma[rows, n * bar + bar // 4 : (n + 1) * bar - bar // 4].mean()) for n in range(BITS)]
    if any(80 < mean < 170 for mean in means):
        return None
    return sum(1 << bit for bit, mean in enumerate(means) if mean > 125)


def ages(receiver: Receiver) -> list[float]:
    """Seconds from the making of each decoded picture to the arrival of its last packet."""
    units = [(index, frame) for index, frame in enumerate(receiver.frames) if frame.data]
    made = decode(receiver.ended["codec"], units)
    assert len(made) == len(units)
    codes = [read_code(picture.luma) for picture in made]
    assert None not in codes, "a picture is damaged"
    pairs = zip(made, codes, strict=True)
    return [receiver.frames[picture.index].arrival - code / 1e4 for picture, code in pairs]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    ("codec", "elements"),
    [("h264", f"{H264} ! {PAY264}"), ("hevc", f"{H265} ! {PAY265} config-interval=-1")],
)
def test_every_frame_is_whole_and_young(codec, elements, transport):
    with served(elements) as uri:
        receiver = received(uri, transport=transport)
    assert (receiver.ended["codec"], receiver.opened["transport"]) == (codec, transport)
    assert loss(receiver.packets["sequence"]).lost == 0
    assert all(frame.complete for frame in receiver.frames)
    found = ages(receiver)
    assert len(found) > 10
    assert min(found) > 0  # one clock: nothing is seen before it was made


def test_slices_with_parameter_sets_before_each_are_one_frame():
    """Readers that look for the start of the next frame break such a stream: the marker bit does not."""
    with served(f"{SLICED} ! {PAY264} config-interval=-1") as uri:
        receiver = received(uri)
    assert max(slices("h264", frame.data) for frame in receiver.frames) >= 2
    assert len(ages(receiver)) > 10


def test_digest_and_one_try_of_a_wrong_password():
    elements = f"{H264} ! {PAY264}"
    with served(elements, "user", "secret") as uri:
        assert len(received(uri, 0.5, user="user", password="secret").frames) > 5
        with pytest.raises(RigFault, match="user name or password refused") as refused:
            received(uri, 0.5, user="user", password="wrong")
    assert refused.value.final
    assert refused.value.status == 401
