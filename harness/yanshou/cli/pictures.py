# SPDX-License-Identifier: Apache-2.0
"""Reads pictures and clips as codes; nothing is scaled, averaged or converted."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.cli.language import _
from yanshou.imaging.codec import Coding, jpeg_quantiser, of_all
from yanshou.imaging.tone import luminance, to_light
from yanshou.model import UsageError
from yanshou.model.printable import tell
from yanshou.model.whole import damage_shows, picture_damaged
from yanshou.protocols.rtsp.damage import WholeFrames
from yanshou.protocols.rtsp.decode import codes_of, mean_qp
from yanshou.protocols.rtsp.hevc_quantiser import HevcQuantiser, SliceQuantiser

_MAX_PIXELS: Final = 64 * 1024 * 1024
_LIMITED: Final = (16.0, 235.0)
_MOST_FRAMES: Final = 16
_FULL_RANGE: Final = 2
_STILLS: Final = frozenset({b"ftypavif", b"ftypavis", b"ftypheic", b"ftypheix", b"ftypmif1"})

Codes = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StillPicture:
    """One picture: ``codes`` height x width, or height x width x 3 (RGB), from ``black`` to ``white``.

    ``rgb`` are 8-bit codes of a clip's picture, converted.  ``key``: an intra picture; ``qp``,
    ``qp_exact`` and ``bits_per_pixel``: see :class:`yanshou.imaging.codec.Coding`.
    """

    codes: Codes
    black: float
    white: float
    rgb: Codes | None = None
    qp: float | None = None
    key: bool = True
    qp_exact: bool = True
    bits_per_pixel: float | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        return self.codes.shape[1], self.codes.shape[0]

    def share(self) -> Floats:
        """Scale the codes so that black is 0 and white is 1."""
        return np.asarray((self.codes.astype(np.float64) - self.black) / (self.white - self.black))

    def light(self, *, linear: bool) -> Floats:
        """Return luminance 0…1, height x width, from codes proportional to light or from sRGB codes."""
        share = self.share()
        light = share if linear else to_light(share)
        return luminance(light) if light.ndim == 3 else light  # noqa: PLR2004

    def clipped(self) -> npt.NDArray[np.bool_]:
        """Return which pixels are at black or white or beyond, height x width."""
        beyond = (self.codes <= self.black) | (self.codes >= self.white)
        return np.asarray(beyond.any(axis=2) if beyond.ndim == 3 else beyond)  # noqa: PLR2004


def read(path: Path) -> list[StillPicture]:
    """Read the pictures of a file: one of an image, up to 16 of a clip (intra pictures if it has two).

    Raises UsageError if the file is missing, empty, or neither image nor clip.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}.", "Name a picture or a clip.", path=path
        ) from None
    if not data:
        raise UsageError("is empty.", "Copy it from its source again.", path=path)
    if picture_damaged(data):
        what = "is cut off or damaged: a part of the picture is missing or was changed."
        raise UsageError(what, "Copy it from its source again.", path=path)
    image = _image(data)
    if image is not None and damage_shows(data):
        return [image]
    if image is not None or data[4:12] in _STILLS:
        what = "is a form of picture in which damage cannot be noticed."
        raise UsageError(what, "Give PNG, TIFF, JPEG or a video file.", path=path)
    pictures, damaged = _clip(path)
    if damaged and pictures:
        said = _("%(file)s: %(count)d of %(all)d pictures are damaged and left out")
        said %= {"file": path, "count": damaged, "all": damaged + len(pictures)}
        tell(said, file=sys.stderr)
    if damaged > 1 and not pictures:  # anything else looks like one undecodable picture
        what = "holds no picture that is free of damage."
        raise UsageError(what, "Copy it from its source again.", path=path)
    if not pictures:
        what = "is neither a picture nor a clip that can be read."
        raise UsageError(what, "Give PNG, TIFF, JPEG or a video file.", path=path)
    keys = [one for one in pictures if one.key]
    return (keys if len(keys) > 1 else pictures)[:_MOST_FRAMES]


def _image(data: bytes) -> StillPicture | None:
    try:
        codes = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if codes is None or codes.size == 0 or codes.shape[0] * codes.shape[1] > _MAX_PIXELS:
        return None
    if codes.ndim == 3:  # noqa: PLR2004
        codes = codes[:, :, 2::-1] if codes.shape[2] >= 3 else codes[:, :, 0]  # noqa: PLR2004 - BGR, no alpha
    if codes.ndim == 3 and (codes == codes[..., :1]).all():  # noqa: PLR2004 - grey, stored three times
        codes = codes[..., 0]
    white = {"u1": 255.0, "u2": 65535.0}.get(codes.dtype.str[1:], 1.0)
    return StillPicture(np.ascontiguousarray(codes), 0.0, white, qp=jpeg_quantiser(data))


def _clip(path: Path) -> tuple[list[StillPicture], int]:
    """The pictures of a clip that are used, and how many of those that were read are damaged."""
    import av  # noqa: PLC0415 - a heavy library, for clips only

    pictures: list[StillPicture] = []
    damaged = keys = 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.video or container.format.name.endswith("_pipe"):  # a picture
                return [], 0
            frames = WholeFrames(container, container.streams.video[0], {"export_side_data": "venc_params"})
            for number, (frame, coded, slices) in enumerate(_decoded(frames, container.streams.video[0])):
                keys += frame.key_frame
                damaged = frames.damaged
                if number >= _MOST_FRAMES and not frame.key_frame:
                    continue
                pictures.append(_coded(_frame(frame), coded, slices))
                if keys >= _MOST_FRAMES:
                    return pictures, damaged
            damaged = frames.damaged
    except av.error.FFmpegError:
        return pictures, damaged
    return pictures, damaged


def _decoded(frames: WholeFrames, stream: Any) -> Iterator[tuple[Any, int, SliceQuantiser | None]]:
    """Yield each whole frame with the bytes of its packet and the quantiser of H.265 or Motion JPEG."""
    from av import Packet  # noqa: PLC0415 - a heavy library, for clips only
    from av.bitstream import BitStreamFilterContext  # noqa: PLC0415

    codec, slices = stream.codec_context.name, HevcQuantiser()
    annex_b = BitStreamFilterContext("hevc_mp4toannexb", stream) if codec == "hevc" else None
    seen: dict[int | None, tuple[int, SliceQuantiser | None]] = {}
    for packet, whole in frames.by_packet():
        stated, data = None, bytes(packet)
        if annex_b is not None and data:  # the filter consumes what it is given
            stated = slices.of(b"".join(bytes(one) for one in annex_b.filter(Packet(data))))
        elif codec == "mjpeg":
            table = jpeg_quantiser(data)
            stated = None if table is None else SliceQuantiser(table, exact=True)
        seen[packet.pts] = (len(data), stated)
        for frame in whole:
            yield frame, *seen.pop(frame.pts, (0, None))


def _coded(picture: StillPicture, size: int, slices: SliceQuantiser | None) -> StillPicture:
    width, height = picture.size
    known = replace(picture, bits_per_pixel=8 * size / (width * height)) if size else picture
    return known if slices is None else replace(known, qp=slices.qp, qp_exact=slices.exact)


def coding_of(pictures: Sequence[StillPicture]) -> Coding:
    """Return how the pictures were compressed, from what is known."""
    bits = [one.bits_per_pixel for one in pictures if one.bits_per_pixel is not None]
    return Coding(
        of_all([one.qp for one in pictures if one.qp is not None]),
        all(one.qp_exact for one in pictures),
        float(np.mean(bits)) if bits else None,
    )


def _frame(frame: Any) -> StillPicture:
    rgb = frame.to_ndarray(format="rgb24")
    full = frame.format.name.startswith("yuvj") or int(frame.color_range or 0) == _FULL_RANGE
    quantiser = mean_qp(frame)
    if not frame.format.name.startswith(("yuv4", "yuvj4", "nv12", "gray")) or frame.format.name[-2:] == "le":
        return StillPicture(rgb, 0.0, 255.0, rgb, quantiser, frame.key_frame)
    black, white = (0.0, 255.0) if full else _LIMITED
    return StillPicture(codes_of(frame.planes[0]), black, white, rgb, quantiser, frame.key_frame)
