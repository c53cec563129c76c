# SPDX-License-Identifier: Apache-2.0
"""Pictures coded while they are sent: live ones that show the time, and all replayed ones.

All other pictures are coded loops.
"""

from __future__ import annotations

import functools
from fractions import Fraction

import av
import cv2
import numpy as np

from yanshou.emulation.video.coding import FPS, GOP, CodedFrame, ParameterSets, split_nals
from yanshou.emulation.video.grain import Grain
from yanshou.emulation.video.osd import OsdStyle
from yanshou.emulation.video.pan_head import PanHead, looked_at, surroundings
from yanshou.emulation.video.scene import Picture, Scene
from yanshou.emulation.video.timecode import CodeScreen

_SETS = {"h264": (7, 8), "h265": (33, 34, 32)}  # types of SPS, PPS and (H.265) VPS
_IDR = {"h264": range(5, 6), "h265": range(16, 22)}
_SLICES = {"h264": range(1, 6), "h265": range(32)}
_X264 = f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=0:sliced-threads=0:slices=1:threads=1"
_X264 += ":rc-lookahead=0:sync-lookahead=0:fullrange=on:colormatrix=bt709:cabac=1"  # Main, as declared
_X265 = f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=0:pools=none:frame-threads=1:wpp=0:info=0"
_X265 += ":repeat-headers=1:range=full:log-level=none"
_QUANTISER = 18


class LivePictures:
    """The pictures of a scene with the displayed time, for one receiver; coded alike each time.

    ``grain`` is the sensor's noise of each moment, which no two pictures share; ``head`` turns the view.
    """

    def __init__(
        self,
        scene: Scene,
        display: OsdStyle | None,
        screen: CodeScreen | None = None,
        *,
        grain: Grain | None = None,
        head: PanHead | None = None,
        codec: str = "h264",
        quantiser: int | None = None,
    ) -> None:
        self._scene = scene
        self._codec = codec
        self._grain = grain
        self._display = display
        self._screen = screen
        self._still = _still(scene)
        self._head = head
        self._around = None if head is None else _around(scene.label, scene.width, scene.height)
        self._coder = _coder(scene, codec, quantiser)
        self.sets = parameter_sets(scene, codec, quantiser)
        self._sent = 0

    def draw(self, number: int, utc: float) -> Picture:
        """I420 picture ``number`` of the loop as seen at Unix time ``utc`` of the device's clock."""
        picture = self._scene.animate(self._seen(), number % self._scene.count)
        if self._grain is not None:
            self._grain.lay(picture[: self._scene.height], utc)
        if self._screen is not None:
            self._screen.draw(picture, utc)
        if self._display is not None:
            self._display.write(picture, utc)
        return np.ascontiguousarray(picture)

    def _seen(self) -> Picture:
        if self._head is None or self._around is None:
            return self._still
        return looked_at(self._around, self._head.pose(), self._scene.width, self._scene.height)

    def coded(self, number: int, utc: float, *, intra: bool = False) -> CodedFrame:
        """The access unit of picture ``number`` at ``utc``; IDR if ``intra``, or the 25th since one."""
        frame = av.VideoFrame.from_ndarray(self.draw(number, utc), format="yuv420p")
        if intra:
            frame.pict_type = av.video.frame.PictureType.I
        frame.pts = self._sent
        self._sent += 1
        kind = self._codec
        units = split_nals(b"".join(bytes(packet) for packet in self._coder.encode(frame)))
        slices = tuple(unit for unit in units if _type(unit, kind) in _SLICES[kind])
        return CodedFrame(slices, any(_type(unit, kind) in _IDR[kind] for unit in slices))

    def snapshot(self, utc: float) -> bytes:
        """JPEG (quality 98) of what is seen at ``utc``."""
        picture = self.draw(0, utc)[: self._scene.height]
        done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 98])
        assert done
        return bytes(data)


@functools.lru_cache(maxsize=8)
def _still(scene: Scene) -> Picture:
    return scene.still()


_around = functools.lru_cache(maxsize=8)(surroundings)


def _type(unit: bytes, codec: str) -> int:
    """The NAL unit's type: of H.264 7.3.1 or H.265 7.3.1.2."""
    return unit[0] >> 1 & 0x3F if codec == "h265" else unit[0] & 0x1F


@functools.lru_cache(maxsize=32)
def parameter_sets(scene: Scene, codec: str = "h264", quantiser: int | None = None) -> ParameterSets:
    """Parameter sets with which the pictures of this scene's size are coded."""
    coder = _coder(scene, codec, quantiser)
    frame = av.VideoFrame(scene.width, scene.height, "yuv420p")
    frame.pts = 0
    packets = [*coder.encode(frame), *coder.encode(None)]
    units = split_nals(b"".join(bytes(packet) for packet in packets))
    found = {_type(unit, codec): unit for unit in units}
    return ParameterSets(*(found[kind] for kind in _SETS[codec]))


def _coder(scene: Scene, codec: str, quantiser: int | None) -> av.VideoCodecContext:
    coder = av.CodecContext.create("libx265" if codec == "h265" else "libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = scene.width, scene.height, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, FPS), Fraction(FPS)
    coder.options = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1"}
    qp = _QUANTISER if quantiser is None else quantiser
    if codec == "h265":
        coder.options |= {"x265-params": f"{_X265}:qp={qp}"}
    else:
        coder.options |= {"qp": str(qp), "x264-params": _X264}
    return coder
