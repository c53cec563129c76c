# SPDX-License-Identifier: Apache-2.0
"""The quantiser of pictures coded differently, and of JPEGs whose tables are in an unusual order."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.support.chart_pictures import CERTIFICATE, frames
from yanshou.imaging import read_chart
from yanshou.imaging.codec import jpeg_quantiser, of_all
from yanshou.imaging.frame import Frame

FINE, COARSE = [2] * 64, [40] * 64


def jpeg(luma: list[int], chroma: list[int]) -> bytes:
    """A colour JPEG by Pillow with these tables, luma first."""
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8))
    target = io.BytesIO()
    picture.save(target, "JPEG", qtables=[luma, chroma])
    return target.getvalue()


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """The segments of a JPEG before its scan, and the rest."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        found.append(data[at : at + 2 + length])
        at += 2 + length
    return found, data[at:]


def in_one_segment(tables: list[bytes]) -> list[bytes]:
    content = b"".join(one[4:] for one in tables)
    return [b"\xff\xdb" + struct.pack(">H", 2 + len(content)) + content]


@pytest.mark.parametrize(
    "arranged",
    [list, lambda tables: tables[::-1], in_one_segment, lambda tables: in_one_segment(tables[::-1])],
    ids=["usual", "chroma first", "one segment", "one segment, chroma first"],
)
@pytest.mark.parametrize("after", [False, True], ids=["before the frame", "after the frame"])
def test_the_table_is_the_one_that_luma_names(
    arranged: Callable[[list[bytes]], list[bytes]], after: bool
) -> None:
    segments, rest = split(jpeg(COARSE, FINE))
    tables = arranged([one for one in segments if one[1] == 0xDB])
    others = [one for one in segments if one[1] != 0xDB]
    made = b"\xff\xd8" + b"".join([*others, *tables] if after else [*tables, *others]) + rest
    Image.open(io.BytesIO(made)).load()  # still a picture
    assert jpeg_quantiser(made) == pytest.approx(6 * np.log2(40 / 0.625))
    assert jpeg_quantiser(jpeg(FINE, COARSE)) == pytest.approx(6 * np.log2(2 / 0.625))


def test_tables_that_are_cut_off_or_hold_nothing_state_no_quantiser() -> None:
    segments, rest = split(jpeg(FINE, COARSE))
    for spoil in (lambda one: one[:4] + bytes([one[4]]) + bytes(len(one) - 5), lambda one: one[:40]):
        spoilt = [spoil(one) if one[1] == 0xDB else one for one in segments]
        assert jpeg_quantiser(b"\xff\xd8" + b"".join(spoilt) + rest) is None
    assert jpeg_quantiser(b"\xff\xd8\xff\xdb\x00\x43" + bytes(30)) is None
    assert jpeg_quantiser(b"") is None


def test_the_coarsest_picture_decides_where_it_stands_out() -> None:
    assert of_all([]) is None
    assert of_all([18.0, 19.0, 20.0]) == pytest.approx(19.0)
    assert of_all([10.0, 10.0, 30.0, 30.0]) == 30.0


def test_half_of_the_pictures_coded_coarsely_give_no_noise() -> None:
    """Their noise is smoothed away: the ratio of all would be too good, though their mean quantiser is 20."""
    made = frames(noise=3.0)
    coarse = [Frame(one.luma, chroma=one.chroma, qp=30.0 if n % 2 else 10.0) for n, one in enumerate(made)]
    found, _ = read_chart(coarse, CERTIFICATE)
    assert found is not None
    assert found.snr().video_db is None
    assert any("quantiser is 30" in gate for gate in found.snr().gates)
