# SPDX-License-Identifier: Apache-2.0
"""H.264 loops, encoded once and kept, so that sending costs no encoding.

A loop is an even number of groups of pictures of one second each: IDR pictures at whole seconds, no B
pictures, one slice per picture. Coded loops are kept below the temporary directory; the name of each says
what draws it.
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
_MOST_H265 = 50
_SETS = {"h264": (7, 8), "h265": (33, 34, 32)}  # types of SPS, PPS and (H.265) VPS
_IDR, _IRAP = 5, range(16, 22)
_QUANTISER = {True: 12, False: 18}  # quantiser, with and without a chart, whose edges must survive coding
_X265 = "keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:open-gop=0:qp={qp}:rc-lookahead=0"
_X265 += ":lookahead-slices=0:pools=none:frame-threads=1:wpp=0:info=0:repeat-headers=1:range=full"
_X265 += ":log-level=none"
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
    vps: bytes = b""  # of H.265

    @property
    def codec(self) -> str:
        """``h264`` or ``h265``."""
        return "h265" if self.vps else "h264"

    @property
    def units(self) -> tuple[bytes, ...]:
        """All of them in the order of sending."""
        return (self.vps, self.sps, self.pps) if self.vps else (self.sps, self.pps)

    @property
    def format(self) -> str:
        """The format parameters of a description: of RFC 6184 or RFC 7798."""
        coded = [base64.b64encode(unit).decode() for unit in self.units]
        if self.vps:
            return "sprop-vps={};sprop-sps={};sprop-pps={}".format(*coded)
        level = self.sps[1:4].hex().upper()
        return f"packetization-mode=1;profile-level-id={level};sprop-parameter-sets={','.join(coded)}"


@dataclass(frozen=True, slots=True, eq=False)
class CodedLoop:
    """An endless stream: frames to be sent round and round, and the parameter sets.

    Compared by identity, which is cheap: each scene has one loop.
    """

    scene: Scene
    frames: tuple[CodedFrame, ...]
    sets: ParameterSets


@functools.cache
def coded_loop(scene: Scene, codec: str = "h264") -> CodedLoop:
    """The coded loop of a scene, from the cache when it was coded before."""
    path = _cache_path(scene, codec)
    if not path.exists():
        _store(path, _encode(scene, codec))
    return _assemble(scene, codec, path.read_bytes())


@functools.cache
def snapshot(scene: Scene) -> bytes:
    """JPEG (quality 98) of the first picture of the loop."""
    planes = scene.animate(scene.still(), 0)
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


def _cache_path(scene: Scene, codec: str) -> Path:
    """File of the loop, named by what its pictures and their coding follow from; nothing is drawn for it."""
    followed = [_drawn_by(), codec, asdict(scene), _options(scene, codec)]
    key = hashlib.sha256(json.dumps(followed).encode())
    user = getattr(os, "getuid", lambda: "user")()
    folder = Path(tempfile.gettempdir()) / f"yanshou-video-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{key.hexdigest()[:24]}.{codec}"


@functools.cache
def _drawn_by() -> list[str]:
    """The libraries that draw and code, and the digest of this folder's own text, whichever part draws."""
    text = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return [av.__version__, cv2.__version__, np.__version__, hashlib.sha256(text).hexdigest()]


def _count(scene: Scene, codec: str) -> int:
    """Pictures of the coded loop: a long one of H.265 would keep a site from starting for a minute."""
    return min(scene.count, _MOST_H265) if codec == "h265" else scene.count


def _quantiser(scene: Scene) -> int:
    return _QUANTISER[scene.with_chart] if scene.qp is None else scene.qp


def _store(path: Path, data: bytes) -> None:
    """Store it completely or not at all: another emulation may be coding the same loop."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as temporary:
        temporary.write(data)
    Path(temporary.name).replace(path)


def _pictures(scene: Scene, count: int) -> Iterator[Picture]:
    still = scene.still()
    for number in range(count):
        yield np.ascontiguousarray(scene.animate(still, number))


def _options(scene: Scene, codec: str) -> dict[str, str]:
    if codec == "h265":
        return {"preset": "ultrafast", "x265-params": _X265.format(gop=scene.gop, qp=_quantiser(scene))}
    return {
        "preset": "veryfast",
        "profile": "main",
        "qp": str(_quantiser(scene)),
        "x264-params": _X264.format(gop=scene.gop),
    }


def _encode(scene: Scene, kind: str) -> bytes:
    """Annex B byte stream of the loop."""
    codec = av.CodecContext.create("libx265" if kind == "h265" else "libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = scene.width, scene.height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, FPS), Fraction(FPS)
    codec.options = _options(scene, kind)
    packets: list[bytes] = []
    for number, picture in enumerate(_pictures(scene, _count(scene, kind))):
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts = number
        packets += [bytes(packet) for packet in codec.encode(frame)]
    packets += [bytes(packet) for packet in codec.encode(None)]
    return b"".join(packets)


def split_nals(stream: bytes) -> list[bytes]:
    """NAL units of an Annex B byte stream, start codes and trailing zeros removed."""
    return [unit.rstrip(b"\0") for unit in stream.split(b"\0\0\1")[1:]]


def _assemble(scene: Scene, codec: str, stream: bytes) -> CodedLoop:
    """Loop from its byte stream; with one slice per picture, each coded slice is one frame."""
    if codec == "h265":
        kinds = [(unit[0] >> 1 & 0x3F, unit) for unit in split_nals(stream)]
        intra, coded = _IRAP, range(32)
    else:
        kinds = [(unit[0] & 0x1F, unit) for unit in split_nals(stream)]
        intra, coded = range(_IDR, _IDR + 1), range(1, _IDR + 1)
    sets = ParameterSets(*(next(unit for kind, unit in kinds if kind == one) for one in _SETS[codec]))
    frames = tuple(CodedFrame((unit,), kind in intra) for kind, unit in kinds if kind in coded)
    assert len(frames) == _count(scene, codec)
    assert all(frame.intra == (number % scene.gop == 0) for number, frame in enumerate(frames))
    return CodedLoop(scene, frames, sets)
