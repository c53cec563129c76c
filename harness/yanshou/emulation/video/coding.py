# SPDX-License-Identifier: Apache-2.0
"""H.264 loops, encoded once and kept, so that sending costs no encoding.

A loop is two groups of pictures of one second each: IDR pictures at whole seconds, no B pictures, one slice
per picture.  Coded loops are cached by content below the temporary directory.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from yanshou.emulation.video.scene import Picture, Scene

FPS = 25
"""Frame rate that every emulated camera declares."""
GOP = 25
"""Pictures between IDR pictures."""
COUNT = 50
"""Pictures in a loop: an even number of groups, so that neighbouring IDR pictures differ in idr_pic_id."""

_SPS, _PPS, _IDR = 7, 8, 5
_QUANTISER = {True: 12, False: 18}  # by presence of a chart: its edges must survive coding
_X264 = "keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:sliced-threads=0:slices=1:threads=1"
_X264 += ":lookahead-threads=1:rc-lookahead=0:fullrange=on:colormatrix=bt709:aq-mode=0:mbtree=0"


@dataclass(frozen=True, slots=True)
class CodedFrame:
    """One access unit: NAL units without start codes and parameter sets, and whether it is intra."""

    nals: tuple[bytes, ...]
    intra: bool


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """The parameter sets of a stream, without start codes."""

    sps: bytes
    pps: bytes

    @property
    def sprop(self) -> str:
        """``sprop-parameter-sets`` of RFC 6184."""
        return ",".join(base64.b64encode(unit).decode() for unit in (self.sps, self.pps))

    @property
    def profile_level(self) -> str:
        """``profile-level-id`` of RFC 6184."""
        return self.sps[1:4].hex().upper()


@dataclass(frozen=True, slots=True, eq=False)
class CodedLoop:
    """An endless H.264 stream: frames to be sent round and round, and the parameter sets.

    Compared by identity, which is cheap: each scene has one loop.
    """

    scene: Scene
    frames: tuple[CodedFrame, ...]
    sets: ParameterSets


@functools.cache
def coded_loop(scene: Scene) -> CodedLoop:
    """The coded loop of a scene, from the cache when it was coded before."""
    path = _cache_path(scene)
    if not path.exists():
        _store(path, _encode(scene))
    return _assemble(scene, path.read_bytes())


@functools.cache
def snapshot(scene: Scene) -> bytes:
    """JPEG (quality 98) of the first picture of the loop."""
    planes = scene.animate(scene.still(), 0, COUNT)
    picture = _bgr(planes, scene) if scene.with_chart else planes[: scene.height]
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 98])
    assert done
    return bytes(data)


def _bgr(planes: Picture, scene: Scene) -> Picture:
    """BGR of an I420 picture in full range BT.709."""
    size = (scene.width, scene.height)
    halves = planes[scene.height :].reshape(2, scene.height // 2, scene.width // 2)
    y = planes[: scene.height].astype(np.float64)
    u, v = (cv2.resize(one, size).astype(np.float64) - 128 for one in halves)
    blue, red = y + 1.8556 * u, y + 1.5748 * v
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.clip(np.rint(np.dstack((blue, green, red))), 0, 255).astype(np.uint8)


def _cache_path(scene: Scene) -> Path:
    """File of the loop, named by what the pictures hold and how they are coded."""
    key = hashlib.sha256(json.dumps([av.__version__, asdict(scene), _X264, _quantiser(scene)]).encode())
    still = scene.still()
    for number in (0, 1, COUNT - 1):
        key.update(scene.animate(still, number, COUNT).tobytes())
    user = getattr(os, "getuid", lambda: "user")()
    folder = Path(tempfile.gettempdir()) / f"yanshou-video-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{key.hexdigest()[:24]}.h264"


def _quantiser(scene: Scene) -> int:
    return _QUANTISER[scene.with_chart] if scene.qp is None else scene.qp


def _store(path: Path, data: bytes) -> None:
    """Whole or not at all: another emulation may be coding the same loop."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as temporary:
        temporary.write(data)
    Path(temporary.name).replace(path)


def _pictures(scene: Scene) -> Iterator[Picture]:
    still = scene.still()
    for number in range(COUNT):
        yield np.ascontiguousarray(scene.animate(still, number, COUNT))


def _encode(scene: Scene) -> bytes:
    """Annex B byte stream of the loop."""
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = scene.width, scene.height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, FPS), Fraction(FPS)
    codec.options = {
        "preset": "veryfast",
        "profile": "main",
        "qp": str(_quantiser(scene)),
        "x264-params": _X264.format(gop=scene.gop),
    }
    packets: list[bytes] = []
    for number, picture in enumerate(_pictures(scene)):
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts = number
        packets += [bytes(packet) for packet in codec.encode(frame)]
    packets += [bytes(packet) for packet in codec.encode(None)]
    return b"".join(packets)


def split_nals(stream: bytes) -> list[bytes]:
    """NAL units of an Annex B byte stream, start codes and trailing zeros removed."""
    return [unit.rstrip(b"\0") for unit in stream.split(b"\0\0\1")[1:]]


def _assemble(scene: Scene, stream: bytes) -> CodedLoop:
    """Loop from its byte stream; with one slice per picture, each coded slice is one frame."""
    kinds = [(unit[0] & 0x1F, unit) for unit in split_nals(stream)]
    sps = next(unit for kind, unit in kinds if kind == _SPS)
    pps = next(unit for kind, unit in kinds if kind == _PPS)
    frames = tuple(CodedFrame((unit,), kind == _IDR) for kind, unit in kinds if kind in (1, _IDR))
    assert len(frames) == COUNT
    assert all(frame.intra == (number % scene.gop == 0) for number, frame in enumerate(frames))
    return CodedLoop(scene, frames, ParameterSets(sps, pps))
