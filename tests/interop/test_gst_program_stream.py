# SPDX-License-Identifier: Apache-2.0
"""Program streams of the emulated devices of GB/T 28181 as GStreamer reads them, which believes their map."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.peers import require
from yanshou.emulation.gb28181.packing import PackingDefects, PsPacking
from yanshou.emulation.video.coding import FPS, coded_loop
from yanshou.emulation.video.scene import Scene

READER = Path(__file__).with_name("gst_ps_demux.py")


def streams(folder: Path, codec: str, defects: PackingDefects) -> dict[str, int]:
    """What GStreamer finds in two seconds of a scene."""
    loop = coded_loop(Scene("gst", False, 352, 288), codec)
    packing = PsPacking(1400, defects)
    frames = enumerate(loop.frames)
    data = b"".join(packing.packed(loop.sets, frame, number / FPS) for number, frame in frames)
    path = folder / "stream.ps"
    path.write_bytes(data)
    read = subprocess.run(
        [require("gstreamer"), str(READER), str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    said = json.loads(read.stdout)
    assert said["ended"] == "eos"
    found: dict[str, int] = said["streams"]
    return found


@pytest.mark.needs("gstreamer")
@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_the_map_names_the_codec_and_every_frame_is_there(tmp_path: Path, codec: str) -> None:
    found = streams(tmp_path, codec, PackingDefects())
    assert set(found) == {f"video/x-{codec}"}
    assert found[f"video/x-{codec}"] >= 50


@pytest.mark.needs("gstreamer")
def test_a_wrong_type_in_the_map_is_believed(tmp_path: Path) -> None:
    assert set(streams(tmp_path, "h265", PackingDefects(wrong_type=True))) == {"video/x-h264"}
