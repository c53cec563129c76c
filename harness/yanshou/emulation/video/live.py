# SPDX-License-Identifier: Apache-2.0
"""Pictures coded as they are sent, where they tell the time, live or replayed; all others are coded loops."""

from __future__ import annotations

import functools
from fractions import Fraction

import av
import cv2
import numpy as np

from yanshou.emulation.video.coding import COUNT, FPS, GOP, CodedFrame, ParameterSets, split_nals
from yanshou.emulation.video.osd import Display
from yanshou.emulation.video.scene import Picture, Scene
from yanshou.emulation.video.timecode import CodeScreen

_SPS, _PPS, _IDR, _SLICES = 7, 8, 5, (1, 5)
_X264 = f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=0:sliced-threads=0:slices=1:threads=1"
_X264 += ":rc-lookahead=0:sync-lookahead=0:fullrange=on:colormatrix=bt709:cabac=1"  # Main, as declared
_QUANTISER = 18


class LivePictures:
    """The pictures of a scene and what tells the time in them, for one receiver; coded alike each time."""

    def __init__(self, scene: Scene, display: Display | None, screen: CodeScreen | None = None) -> None:
        self._scene = scene
        self._display = display
        self._screen = screen
        self._still = _still(scene)
        self._coder = _coder(scene)
        self._sent = 0

    def draw(self, number: int, utc: float) -> Picture:
        """I420 picture ``number`` of the loop as seen at Unix time ``utc`` of the device's clock."""
        picture = self._scene.animate(self._still, number % COUNT, COUNT)
        if self._screen is not None:
            self._screen.draw(picture, utc)
        if self._display is not None:
            self._display.write(picture, utc)
        return np.ascontiguousarray(picture)

    def coded(self, number: int, utc: float, *, intra: bool = False) -> CodedFrame:
        """The access unit of picture ``number`` at ``utc``; IDR if ``intra``, or the 25th since one."""
        frame = av.VideoFrame.from_ndarray(self.draw(number, utc), format="yuv420p")
        if intra:
            frame.pict_type = av.video.frame.PictureType.I
        frame.pts = self._sent
        self._sent += 1
        units = split_nals(b"".join(bytes(packet) for packet in self._coder.encode(frame)))
        slices = tuple(unit for unit in units if unit[0] & 0x1F in _SLICES)
        return CodedFrame(slices, any(unit[0] & 0x1F == _IDR for unit in slices))

    def snapshot(self, utc: float) -> bytes:
        """JPEG (quality 98) of what is seen at ``utc``."""
        picture = self.draw(0, utc)[: self._scene.height]
        done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 98])
        assert done
        return bytes(data)


@functools.lru_cache(maxsize=8)
def _still(scene: Scene) -> Picture:
    return scene.still()


def parameter_sets(scene: Scene) -> ParameterSets:
    """Parameter sets with which the pictures of this scene's size are coded."""
    coder = _coder(scene)
    frame = av.VideoFrame(scene.width, scene.height, "yuv420p")
    frame.pts = 0
    units = split_nals(b"".join(bytes(packet) for packet in coder.encode(frame)))
    found = {unit[0] & 0x1F: unit for unit in units}
    return ParameterSets(found[_SPS], found[_PPS])


def _coder(scene: Scene) -> av.VideoCodecContext:
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = scene.width, scene.height, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, FPS), Fraction(FPS)
    coder.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "qp": str(_QUANTISER),
        "forced-idr": "1",
        "x264-params": _X264,
    }
    return coder
