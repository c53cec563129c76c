# SPDX-License-Identifier: Apache-2.0
"""The quantiser of H.265 pictures, read from the headers of their slices (ITU-T H.265 7.3.2, 7.3.6, 7.4.7).

FFmpeg exports no quantiser of H.265, but every slice states one: SliceQpY = 26 + init_qp_minus26 +
slice_qp_delta. Where the picture parameter set forbids changes below the slice (cu_qp_delta_enabled_flag is
0) it is that of all blocks; otherwise blocks may deviate from it.

Only intra pictures are read, because reading other slice headers (reference lists, prediction weights) is not
needed for pictures that are measured one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yanshou.protocols.rtsp.bitstream import nal_units

_SPS, _PPS = 33, 34
_FIRST_IRAP, _LAST_IRAP, _IDR = 16, 23, (19, 20)
_I_SLICE: Final = 2
_MOST_GOLOMB: Final = 32
_MOST_SETS: Final = 16
_MOST_UNITS: Final = 64
_MOST_PICTURES: Final = 16  # of a reference picture set
_MOST_QP: Final = 51
_MOST_DEEPER: Final = 8  # bits of a sample beyond eight
_LARGEST_BLOCK: Final = 6  # binary logarithm of 64 px
_LARGEST_SIDE: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class SliceQuantiser:
    """Mean luma quantiser of a picture's slices; ``exact``: no block differs from its slice."""

    qp: float
    exact: bool


class _Short(Exception):
    """The bits ended, or have an impossible value."""


class _Bits:
    """Bits of a NAL unit after its two-byte header, without emulation prevention."""

    def __init__(self, nal: bytes) -> None:
        self._data = nal[2:].replace(b"\x00\x00\x03", b"\x00\x00")
        self._at = 0

    def u(self, count: int) -> int:
        """``count`` bits, high first."""
        if self._at + count > 8 * len(self._data):
            raise _Short
        value = 0
        for place in range(self._at, self._at + count):
            value = value << 1 | self._data[place >> 3] >> (7 - (place & 7)) & 1
        self._at += count
        return value

    def ue(self) -> int:
        """An Exp-Golomb code (9.2)."""
        zeros = 0
        while not self.u(1):
            zeros += 1
            if zeros > _MOST_GOLOMB:
                raise _Short
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed one."""
        code = self.ue()
        return (code + 1) // 2 if code & 1 else -(code // 2)


@dataclass(frozen=True, slots=True)
class _Pps:
    sps: int
    dependent: bool
    output_flag: bool
    extra_bits: int
    init_qp: int
    cu_delta: bool


@dataclass(frozen=True, slots=True)
class _Sps:
    chroma: int
    deeper: int  # bits of a luma sample beyond eight
    separate: bool
    address_bits: int
    order_bits: int
    sets: tuple[int, ...]  # number of pictures of each short-term reference picture set
    long_term: tuple[int, bool]  # how many are listed; whether there may be any
    temporal_mvp: bool
    sao: bool


class HevcQuantiser:
    """Follows a stream's parameter sets and gives the quantiser of its intra pictures."""

    def __init__(self) -> None:
        self._sps: dict[int, _Sps] = {}
        self._pps: dict[int, _Pps] = {}

    def of(self, unit: bytes) -> SliceQuantiser | None:
        """The quantiser of an access unit (Annex B); None if it is not an intra picture or cannot be read."""
        found: list[int] = []
        exact = True
        for kind, nal in nal_units("hevc", unit):
            try:
                self._learn(kind, nal)
                if _FIRST_IRAP <= kind <= _LAST_IRAP and len(found) < _MOST_UNITS:
                    stated = self._slice(kind, nal)
                    if stated is not None:
                        found.append(stated[0])
                        exact &= stated[1]
            except (_Short, KeyError, IndexError):
                return None
        return SliceQuantiser(sum(found) / len(found), exact) if found else None

    def _learn(self, kind: int, nal: bytes) -> None:
        if kind == _SPS:
            number, sps = _sps(_Bits(nal))
            if number < _MOST_SETS:
                self._sps[number] = sps
        elif kind == _PPS:
            number, pps = _pps(_Bits(nal))
            if number < _MOST_UNITS:
                self._pps[number] = pps

    def _slice(self, kind: int, nal: bytes) -> tuple[int, bool] | None:
        """Quantiser of a slice segment, and whether its blocks cannot differ.

        None for a dependent segment.
        """
        bits = _Bits(nal)
        first = bits.u(1)
        bits.u(1)  # no_output_of_prior_pics_flag
        pps = self._pps[bits.ue()]
        sps = self._sps[pps.sps]
        if not first:
            if pps.dependent and bits.u(1):
                return None
            bits.u(sps.address_bits)
        bits.u(pps.extra_bits)
        if bits.ue() != _I_SLICE:
            return None
        if pps.output_flag:
            bits.u(1)
        if sps.separate:
            bits.u(2)
        if kind not in _IDR:
            _skip_references(bits, sps)
        if sps.sao:
            bits.u(1)
            if sps.chroma and not sps.separate:
                bits.u(1)
        qp = 26 + pps.init_qp + bits.se()
        if not -6 * sps.deeper <= qp <= _MOST_QP:  # 7.4.7.1: the parameter sets were misread
            raise _Short
        return qp, not pps.cu_delta


def _skip_references(bits: _Bits, sps: _Sps) -> None:
    """Skip the reference picture sets in the header of a clean random access picture (7.3.6.1)."""
    bits.u(sps.order_bits)
    if not bits.u(1):
        _reference_set(bits, len(sps.sets), sps.sets)
    elif len(sps.sets) > 1:
        bits.u((len(sps.sets) - 1).bit_length())
    listed, allowed = sps.long_term
    if allowed:
        from_list = bits.ue() if listed else 0
        for place in range(_bounded(from_list + bits.ue(), 2 * _MOST_PICTURES)):
            if place < from_list:
                bits.u((listed - 1).bit_length())
            else:
                bits.u(sps.order_bits + 1)
            if bits.u(1):
                bits.ue()
    if sps.temporal_mvp:
        bits.u(1)


def _pps(bits: _Bits) -> tuple[int, _Pps]:
    number, sps = bits.ue(), bits.ue()
    dependent, output, extra = bool(bits.u(1)), bool(bits.u(1)), bits.u(3)
    bits.u(2)  # sign_data_hiding, cabac_init_present
    bits.ue(), bits.ue()  # default reference indices
    init = bits.se()
    bits.u(2)  # constrained_intra_pred, transform_skip
    return number, _Pps(sps, dependent, output, extra, init, bool(bits.u(1)))


def _sps(bits: _Bits) -> tuple[int, _Sps]:
    """A sequence parameter set of a base layer, up to sps_temporal_mvp_enabled_flag (7.3.2.2)."""
    bits.u(4)
    layers = bits.u(3)
    bits.u(1)
    _skip_profile(bits, layers)
    number, chroma = bits.ue(), _bounded(bits.ue(), 3)
    separate = chroma == 3 and bool(bits.u(1))  # noqa: PLR2004 - 4:4:4
    width, height = _bounded(bits.ue(), _LARGEST_SIDE), _bounded(bits.ue(), _LARGEST_SIDE)
    if bits.u(1):
        for _ in range(4):
            bits.ue()  # conformance window
    deeper = _bounded(bits.ue(), _MOST_DEEPER)
    _bounded(bits.ue(), _MOST_DEEPER)  # chroma
    order_bits = _bounded(bits.ue(), 12) + 4
    for _ in range(1 if not bits.u(1) else layers + 1):
        bits.ue(), bits.ue(), bits.ue()
    smallest = bits.ue() + 3
    largest = _bounded(smallest + bits.ue(), _LARGEST_BLOCK)
    for _ in range(4):
        bits.ue()  # transform block sizes and depths
    if bits.u(1) and bits.u(1):
        _skip_scaling(bits)
    bits.u(1)  # amp
    sao = bool(bits.u(1))
    if bits.u(1):  # pcm
        bits.u(8)
        bits.ue(), bits.ue()
        bits.u(1)
    sets: list[int] = []
    for place in range(_bounded(bits.ue(), 64)):
        sets.append(_reference_set(bits, place, sets, among=True))
    listed, allowed = 0, bool(bits.u(1))
    if allowed:
        listed = _bounded(bits.ue(), 32)
        for _ in range(listed):
            bits.u(order_bits + 1)
    side = 1 << largest
    blocks = -(-width // side) * -(-height // side)
    mvp = bool(bits.u(1))
    address = max(0, blocks - 1).bit_length()
    return number, _Sps(
        chroma, deeper, separate, address, order_bits, tuple(sets), (listed, allowed), mvp, sao
    )


def _bounded(value: int, most: int) -> int:
    if value > most:
        raise _Short
    return value


def _skip_profile(bits: _Bits, layers: int) -> None:
    """profile_tier_level of a base layer (7.3.3)."""
    bits.u(88)
    bits.u(8)
    present = [(bits.u(1), bits.u(1)) for _ in range(layers)]
    if layers:
        bits.u(2 * (8 - layers))
    for profile, level in present:
        bits.u(88 * profile + 8 * level)


def _skip_scaling(bits: _Bits) -> None:
    """scaling_list_data (7.3.4)."""
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):  # noqa: PLR2004 - 32 x 32
            if not bits.u(1):
                bits.ue()
                continue
            if size > 1:
                bits.se()
            for _ in range(min(64, 1 << (4 + (size << 1)))):
                bits.se()


def _reference_set(bits: _Bits, place: int, known: Sequence[int], *, among: bool = False) -> int:
    """How many pictures st_ref_pic_set(place) has (7.3.7); ``among``: it stands in the parameter set."""
    if place and bits.u(1):
        back = 1 if among else bits.ue() + 1
        bits.u(1)
        bits.ue()
        kept = 0
        for _ in range(known[place - _bounded(back, place)] + 1):
            used = bits.u(1)
            kept += 1 if used or bits.u(1) else 0
        return kept
    before, after = _bounded(bits.ue(), _MOST_PICTURES), _bounded(bits.ue(), _MOST_PICTURES)
    for _ in range(before + after):
        bits.ue()
        bits.u(1)
    return before + after
