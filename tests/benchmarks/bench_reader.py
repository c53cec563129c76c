# SPDX-License-Identifier: Apache-2.0
"""Delay that a reader adds: ours, PyAV and OpenCV on the same stream, whose pictures carry their time.

GStreamer's RTSP server sends 1280x720 at 25 fps; each picture is a bar code of the moment it was made at, on
the clock all processes of a machine share.  Delay of a frame = decoded in the reader less made.  The readers
take turns, so that all see the same load.
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import av
import cv2
import numpy as np

from tests.benchmarks.figure import Figure, tell
from tests.support.gstreamer import H264, PAY264, SERVER, read_code
from tests.support.peers import DEBIAN_PYTHON
from yanshou.acquisition.media import KEEP_ALL, StreamOrder
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.model import now
from yanshou.protocols.rtsp.decode import decoded

WIDTH, HEIGHT, FPS = 1280, 720, 25
FRAMES, WARM_UP, ROUNDS = 75, 25, 2
PERIOD_MS = 1e3 / FPS
TIMES = 3.0

Reader = Callable[[str], Iterator[tuple[np.ndarray, float]]]


def ours(uri: str) -> Iterator[tuple[np.ndarray, float]]:
    """The reception process and PyAV's decoder, frame by frame."""
    with StreamReceiver(StreamOrder(uri, seconds=60.0, transport="tcp", keep=KEEP_ALL)) as receiver:
        units = enumerate(frame for frame in receiver.live() if frame.data)
        for picture in decoded("h264", units, quantisers=0):
            yield picture.luma, now()


def opencv(uri: str) -> Iterator[tuple[np.ndarray, float]]:
    """cv2.VideoCapture as it comes."""
    reader = cv2.VideoCapture(uri, cv2.CAP_FFMPEG)
    try:
        while True:
            done, picture = reader.read()
            if not done:
                return
            at = now()
            yield picture[:, :, 1], at
    finally:
        reader.release()


def pyav(uri: str) -> Iterator[tuple[np.ndarray, float]]:
    """av.open with its usual options, over TCP."""
    with av.open(uri, options={"rtsp_transport": "tcp"}) as container:
        for frame in container.decode(video=0):
            at = now()
            plane = frame.planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
            yield rows[: frame.height, : frame.width], at


READERS: dict[str, Reader] = {"ours": ours, "PyAV": pyav, "OpenCV": opencv}


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the stream."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    elements = f"{H264} bitrate=4000 ! {PAY264}"
    command = [DEBIAN_PYTHON, "-W", "ignore", str(SERVER), str(port), str(WIDTH), str(HEIGHT), elements]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield f"rtsp://127.0.0.1:{port}/stream"
    finally:
        process.stdin.close()
        process.wait(10)


def delays(reader: Reader, uri: str) -> list[float]:
    """Milliseconds of the frames after the warm-up; frames whose code cannot be read are left out."""
    frames = reader(uri)
    seen = [(read_code(luma), at) for luma, at in islice(frames, WARM_UP + FRAMES)][WARM_UP:]
    frames.close()  # type: ignore[attr-defined] # a generator
    return [1e3 * (at - code / 1e4) for code, at in seen if code is not None]


def main(argv: Sequence[str] = ()) -> int:
    """The medians; 1 when ours is later than a frame period or less than three times as fast as OpenCV."""
    rounds = int(argv[0]) if argv else ROUNDS
    found: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(rounds):
        for name, reader in READERS.items():
            with served() as uri:
                found[name] += delays(reader, uri)
            time.sleep(0.2)
    print(f"{'reader':8} {'n':>4} {'min':>8} {'median':>8} {'p95':>8}  ms from making to decoded")
    for name, values in found.items():
        ordered = sorted(values)
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        print(f"{name:8} {len(values):4} {ordered[0]:8.1f} {statistics.median(values):8.1f} {p95:8.1f}")
    own, av_, cv = (statistics.median(found[name]) for name in ("ours", "PyAV", "OpenCV"))
    return tell(
        "reader",
        [
            Figure("ours, median delay", own, "ms", at_most=PERIOD_MS),
            Figure("OpenCV over ours", cv / own, "times", at_least=TIMES),
            Figure("PyAV over ours", av_ / own, "times"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
