# SPDX-License-Identifier: Apache-2.0
"""Decoding of access units by FFmpeg through PyAV: luma planes, the bitstream's own size, the quantiser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from math import inf
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from yanshou.model import own_time
from yanshou.protocols.rtsp.damage import Damage
from yanshou.protocols.rtsp.hevc_quantiser import HevcQuantiser, SliceQuantiser

Luma = npt.NDArray[np.uint8]
_START: Final = b"\x00\x00\x00\x01"
_SPREAD: Final = 4  # key frames of a playback that are looked at
_MOST_QP: Final = 51.0
_MAX_PIXELS: Final = 64 * 1024 * 1024
_MATRICES: Final = {1: "bt709", 5: "bt601", 6: "bt601"}  # ITU-T H.273 matrix coefficients


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One picture: index of its access unit, luma plane height × width uint8 as coded, mean quantiser.

    The luma keeps the coded range (usually 16–235): nothing is scaled. ``qp`` is None if the stream does not
    state it: H.264 states it for every block, H.265 in the slices of its key frames (``qp_exact`` only if its
    blocks cannot differ). ``chroma`` are the U and V planes as coded, for key frames only.
    """

    index: int
    luma: Luma
    width: int
    height: int
    qp: float | None
    full_range: bool
    spent_s: float = 0.0  # codec the decoder used for the unit
    chroma: tuple[Luma, Luma] | None = None
    qp_exact: bool = True
    matrix: str = ""  # bt709 or bt601 as the stream states; empty if it does not
    after_damage: bool = False  # damaged pictures before it were left out


class Coded(Protocol):
    """Anything with an access unit in Annex B."""

    @property
    def data(self) -> bytes: ...


class CodedKey(Coded, Protocol):
    """An access unit that says whether it is a key frame."""

    @property
    def key(self) -> bool: ...


def decode(
    codec: str,
    units: Iterable[tuple[int, Coded]],
    *,
    parameter_sets: Sequence[bytes] = (),
    at_most: int | None = None,
    quantisers: int | None = None,
    damage: Damage | None = None,
) -> list[Decoded]:
    """Decode (index, access unit) pairs in order, at most ``at_most`` pictures.

    Damaged pictures are left out, and those that refer to them (:mod:`yanshou.protocols.rtsp.damage`).

    ``parameter_sets`` are those of the session description, given to the decoder first; the stream's own win.
    ``quantisers``: of how many pictures, from the first on, the quantiser of H.264 is read; None: of all. It
    takes more than a third of the time of decoding. ``damage`` counts the pictures that were left out.
    """
    made = decoded(codec, units, parameter_sets=parameter_sets, quantisers=quantisers, damage=damage)
    return list(islice(made, at_most))


def decode_spread(
    codec: str,
    units: Sequence[tuple[int, CodedKey]],
    *,
    parameter_sets: Sequence[bytes] = (),
    quantisers: int | None = None,
) -> tuple[list[Decoded], int]:
    """Up to four key frames, evenly spread from the first unit to the last one.

    All pictures, where one of them is damaged or the first unit is none. What lies between key frames is
    needed for none of them. Returned beside them is how many of those that were decoded are damaged.
    """
    keys = [one for one in units if one[1].key]
    if len(keys) > 1 and keys[0] == units[0]:
        count = min(_SPREAD, len(keys))
        chosen = [keys[round(place * (len(keys) - 1) / (count - 1))] for place in range(count)]
        made = decode(codec, chosen, parameter_sets=parameter_sets, quantisers=quantisers)
        if [one.index for one in made] == [index for index, _ in chosen]:
            return made, 0
    damage = Damage(codec)
    made = decode(codec, units, parameter_sets=parameter_sets, quantisers=quantisers, damage=damage)
    return made, damage.pictures


def decoded(
    codec: str,
    units: Iterable[tuple[int, Coded]],
    *,
    parameter_sets: Sequence[bytes] = (),
    quantisers: int | None = None,
    damage: Damage | None = None,
) -> Iterator[Decoded]:
    """Decode one by one, keeping no picture longer than the caller does; see :func:`decode`."""
    from av.codec import CodecContext  # noqa: PLC0415 - FFmpeg is loaded before the first picture is awaited

    context: Any = CodecContext.create(codec, "r")
    context.thread_count = 1  # a frame is returned as soon as its data was read
    head = b"".join(_START + unit for unit in parameter_sets)
    indices: list[int] = []
    slices = HevcQuantiser() if codec == "hevc" else None
    stated: dict[int, SliceQuantiser] = {}
    left = inf if quantisers is None else quantisers
    damage = damage or Damage(codec)
    context.options = {**damage.options, **({"export_side_data": "venc_params"} if left else {})}

    def pictures(data: bytes | None, pts: int) -> Iterator[Decoded]:
        nonlocal left
        for one in _fed(context, data, pts, indices, left, damage):
            left -= 1
            yield _stated(one, stated)

    for index, unit in units:
        indices.append(index)
        data, head = head + damage.coded(len(indices) - 1, unit.data), b""
        of_slices = slices.of(data) if slices else None
        if of_slices:
            stated[index] = of_slices
        yield from pictures(data, len(indices) - 1)
    yield from pictures(None, 0)


def _stated(picture: Decoded, stated: dict[int, SliceQuantiser]) -> Decoded:
    """The picture with the quantiser of its slices, if the decoder gave none."""
    own = stated.pop(picture.index, None)
    return picture if own is None else replace(picture, qp=own.qp, qp_exact=own.exact)


def _fed(
    context: Any,
    data: bytes | None,
    pts: int,
    indices: Sequence[int],
    quantisers: float,
    damage: Damage,
) -> list[Decoded]:
    import av  # noqa: PLC0415 - `decoded` has loaded it

    begun = own_time()  # a busy computer's interruptions are no part of a reader
    try:
        if data is None:
            frames = context.decode(None)
        else:
            packet = av.Packet(data)
            packet.pts = packet.dts = pts
            frames = context.decode(packet)
    except av.FFmpegError:
        if data is not None:
            damage.failed(pts)
        return []
    spent = own_time() - begun
    found: list[Decoded] = []
    for frame in frames:
        number = frame.pts if frame.pts is not None and frame.pts < len(indices) else len(indices) - 1
        if not damage.whole(number, frame):
            continue
        picture = _picture(frame, indices[number], spent, quantiser=len(found) < quantisers)
        found += [] if picture is None else [replace(picture, after_damage=damage.after())]
    return found


def _picture(frame: Any, index: int, spent: float, *, quantiser: bool) -> Decoded | None:
    luma = _luma(frame)
    if luma is None:
        return None
    full = frame.format.name.startswith("yuvj") or int(getattr(frame, "color_range", 0) or 0) == 2  # noqa: PLR2004
    chroma = _chroma(frame) if frame.key_frame else None
    matrix = _MATRICES.get(int(getattr(frame, "colorspace", 2) or 2), "")
    qp = mean_qp(frame) if quantiser else None
    return Decoded(index, luma, frame.width, frame.height, qp, full, spent, chroma, matrix=matrix)


def _chroma(frame: Any) -> tuple[Luma, Luma] | None:
    """The U and V planes of eight-bit planar pictures; None for others."""
    name = frame.format.name
    if not name.startswith("yuv") or len(frame.planes) < 3 or name.endswith(("le", "be")):  # noqa: PLR2004
        return None
    return codes_of(frame.planes[1]), codes_of(frame.planes[2])


def codes_of(plane: Any) -> Luma:
    """The codes of an eight-bit plane, height × width, without line padding."""
    lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return lines[: plane.height, : plane.width].copy()


def _luma(frame: Any) -> Luma | None:
    """The luma plane as coded; deeper planes lose the bits below the eighth.  None for other formats."""
    name = frame.format.name
    if frame.width * frame.height > _MAX_PIXELS or not name.startswith(("yuv", "gray", "nv")):
        return None
    if name.endswith("be"):
        return None
    plane = frame.planes[0]
    if deep := re.search(r"p(\d{1,2})le$|^gray(\d{1,2})le$", name):
        lines = np.frombuffer(plane, np.uint16).reshape(-1, plane.line_size // 2)
        return (lines[: frame.height, : frame.width] >> int(deep[1] or deep[2]) - 8).astype(np.uint8)
    return None if name.endswith("le") else codes_of(plane)


def mean_qp(frame: Any) -> float | None:
    """Mean quantiser of the picture's blocks, as exported by the H.264 decoder.

    None where a damaged stream changed its size on the way, as PyAV refuses blocks that do not fit the
    picture, or states what no eight-bit picture can have; and where FFmpeg adds what PyAV has no name for.
    """
    try:
        beside = list(frame.side_data)
    except ValueError:
        return None
    for item in beside:
        if getattr(item, "nb_blocks", 0):
            with suppress(RuntimeError):
                qp = float(np.mean(item.qp_map()))
                return qp if 0.0 <= qp <= _MOST_QP else None
    return None
