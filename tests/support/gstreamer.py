# SPDX-License-Identifier: Apache-2.0
"""GStreamer's servers and clients in Debian's own Python, and the time code in the pictures they send."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.support.peers import DEBIAN_PYTHON
from tests.support.places import TESTS
from tests.support.ports import free_port

PROGRAMS = TESTS / "interop"
SERVER = PROGRAMS / "gst_rtsp_server.py"
ALONE = {**os.environ, "GST_REGISTRY_FORK": "no"}
"""GStreamer looks for its plugins in its own process: a helper would hold our pipes when that is killed."""

READY_S = 60.0
BITS = 32
WIDTH, HEIGHT = 640, 352
H264 = (
    "x264enc key-int-max=10 bframes=0 sliced-threads=false threads=1 tune=zerolatency speed-preset=ultrafast"
)
PAY264 = "rtph264pay name=pay0 pt=96"


@contextlib.contextmanager
def started(script: Path, *arguments: str) -> Iterator[int]:
    """The port of a server that runs in Debian's python3 and takes its port as first argument."""
    port = free_port()
    command = [DEBIAN_PYTHON, "-W", "ignore", str(script), str(port), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ALONE)
    assert process.stdin is not None
    assert process.stdout is not None
    unready = threading.Timer(READY_S, process.kill)
    unready.start()
    try:
        assert process.stdout.readline() == "ready\n"
        unready.cancel()
        yield port
    finally:
        unready.cancel()
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def read_code(luma: np.ndarray) -> int | None:
    """The time code of a picture in tenths of a millisecond; None when a bar is neither dark nor bright."""
    bar, rows = luma.shape[1] // BITS, slice(luma.shape[0] // 8, 3 * luma.shape[0] // 8)
    means = [float(luma[rows, n * bar + bar // 4 : (n + 1) * bar - bar // 4].mean()) for n in range(BITS)]
    if any(80 < mean < 170 for mean in means):
        return None
    return sum(1 << bit for bit, mean in enumerate(means) if mean > 125)
