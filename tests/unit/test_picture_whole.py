# SPDX-License-Identifier: Apache-2.0
"""A picture with a part missing is never measured, whatever its format: decoders fill it and say nothing.

The files are written here, byte by byte, or by Pillow and OpenCV; what damages them knows no format.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from yanshou.cli.pictures import read
from yanshou.imaging import thumbnail
from yanshou.imaging.files import luma_of
from yanshou.model import RigFault, UsageError
from yanshou.model.whole import picture_damaged
from yanshou.operator.ink import ink_fault
from yanshou.operator.pictures import fault_of
from yanshou.operator.questions import PhotoQuestion

HIGH, WIDE = 241, 333
_DRAW = np.random.default_rng(11)
VIEW = np.clip(cv2.GaussianBlur(_DRAW.normal(120, 300, (HIGH, WIDE, 3)), (0, 0), 3), 5, 250).astype(np.uint8)
GREY = np.ascontiguousarray(VIEW[..., 0])


def _saved(form: str, picture: Image.Image | None = None, **how: object) -> bytes:
    file = io.BytesIO()
    (picture or Image.fromarray(VIEW)).save(file, form, **how)  # type: ignore[arg-type]
    return file.getvalue()


def _coded(ending: str, *how: int, picture: np.ndarray = VIEW) -> bytes:
    return bytes(cv2.imencode(ending, picture, how)[1])


def own_bmp() -> bytes:
    """A BMP of 24 bits, from below."""
    stride = (WIDE * 3 + 3) // 4 * 4
    rows = b"".join(row.tobytes().ljust(stride, b"\0") for row in VIEW[::-1])
    head = struct.pack("<IiiHHIIiiII", 40, WIDE, HIGH, 1, 24, 0, len(rows), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + head + rows


def own_tiff(rows_of_strip: int) -> bytes:
    """A grey TIFF without coding, of the other byte order, its directory in front of its strips."""
    strips = [GREY[top : top + rows_of_strip].tobytes() for top in range(0, HIGH, rows_of_strip)]
    behind = 8 + 2 + 12 * 8 + 4
    starts = behind + 8 * len(strips) + np.cumsum([0, *map(len, strips)])[:-1]
    one = len(strips) == 1
    tags = [(256, WIDE), (257, HIGH), (258, 8), (259, 1), (262, 1)]
    tags += [(273, int(starts[0]) if one else behind), (278, rows_of_strip)]
    tags += [(279, len(strips[0]) if one else behind + 4 * len(strips))]
    many = {273: len(strips), 279: len(strips)}
    entries = b"".join(struct.pack(">HHII", tag, 4, many.get(tag, 1), value) for tag, value in sorted(tags))
    lists = struct.pack(f">{len(strips)}I", *starts) + struct.pack(f">{len(strips)}I", *map(len, strips))
    return b"MM\0*" + struct.pack(">IH", 8, 8) + entries + bytes(4) + lists + b"".join(strips)


def own_png() -> bytes:
    """A grey PNG in several pieces of data."""
    packed = zlib.compress(b"".join(b"\0" + row.tobytes() for row in GREY))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", WIDE, HIGH, 8, 0, 0, 0, 0))]
    parts += [(b"IDAT", packed[at : at + 5000]) for at in range(0, len(packed), 5000)] + [(b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def own_gif() -> bytes:
    """A GIF of 128 greys without any compression: a clear code before the codes become longer."""
    values = (GREY >> 1).ravel().tolist()
    codes = [code for at in range(0, len(values), 120) for code in (128, *values[at : at + 120])] + [129]
    bits = sum(code << (8 * place) for place, code in enumerate(codes))  # all codes have 8 bits
    data = bits.to_bytes(len(codes), "little")
    table = b"".join(bytes([2 * one] * 3) for one in range(128))
    blocks = b"".join(
        bytes([len(data[at : at + 255])]) + data[at : at + 255] for at in range(0, len(data), 255)
    )
    screen = struct.pack("<HHBBB", WIDE, HIGH, 0xF6, 0, 0) + table
    frame = b"," + struct.pack("<HHHHB", 0, 0, WIDE, HIGH, 0) + b"\7" + blocks + b"\0"
    return b"GIF89a" + screen + frame + b";"


_TIFF = int(cv2.IMWRITE_TIFF_COMPRESSION)
WHOLE: dict[str, bytes] = {
    "PNG": own_png(),
    "PNG by OpenCV": _coded(".png"),
    "PNG of 16 bits": _coded(".png", picture=VIEW.astype(np.uint16) * 257),
    "BMP": own_bmp(),
    "BMP by OpenCV": _coded(".bmp"),
    "PPM": b"P6 %d %d 255\n" % (WIDE, HIGH) + VIEW.tobytes(),
    "PGM of 16 bits": b"P5\n# grey\n%d %d\n65535\n" % (WIDE, HIGH) + (GREY.astype(">u2") * 257).tobytes(),
    "PPM in digits": _coded(".ppm", int(cv2.IMWRITE_PXM_BINARY), 0),
    "PAM": _coded(".pam"),
    "TIFF of one strip": own_tiff(HIGH),
    "TIFF of strips": own_tiff(7),
    "TIFF by OpenCV": _coded(".tif"),
    "TIFF by LZW": _saved("TIFF", compression="tiff_lzw"),
    "TIFF by Deflate": _saved("TIFF", compression="tiff_adobe_deflate"),
    "TIFF by PackBits": _saved("TIFF", compression="packbits"),
    "TIFF of 16 bits": _coded(".tif", _TIFF, 8, picture=VIEW.astype(np.uint16) * 257),
    "TIFF of JPEG": _saved("TIFF", compression="jpeg"),
    "BigTIFF": _saved("TIFF", big_tiff=True),
    "GIF": own_gif(),
    "GIF by Pillow": _saved("GIF"),
    "GIF by OpenCV": _coded(".gif"),
    "WebP": _saved("WEBP", quality=80),
    "WebP without loss": _saved("WEBP", lossless=True),
}
_CUT = 6 / 10
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: int(len(data) * _CUT)],
    "cut off within its head": lambda data: data[:15],
    "filled up with zeros": lambda data: data[: int(len(data) * _CUT)].ljust(len(data), b"\0"),
    "filled up with ones": lambda data: data[: int(len(data) * _CUT)].ljust(len(data), b"\xff"),
    "a hole": lambda data: data[: len(data) // 2] + data[len(data) // 2 + len(data) // 5 :],
}
#: formats with a checksum, which tells of any change
CHECKED = [
    *("PNG", "PNG by OpenCV", "PNG of 16 bits"),
    *("TIFF by Deflate", "TIFF of 16 bits"),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("form", WHOLE)
def test_a_part_that_is_missing_is_noticed(form: str, damage: str, tmp_path: Path) -> None:
    path = tmp_path / "edge"
    path.write_bytes(DAMAGE[damage](WHOLE[form]))
    assert picture_damaged(path.read_bytes())
    with pytest.raises(UsageError, match="cut off or damaged"):
        read(path)


@pytest.mark.parametrize("behind", [b"", b"\r\n", bytes(512)])
@pytest.mark.parametrize("form", WHOLE)
def test_a_whole_one_is_measured_whatever_is_behind_it(form: str, behind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "edge"
    path.write_bytes(WHOLE[form] + behind)
    (picture,) = read(path)
    assert picture.size == (WIDE, HIGH)


def test_the_pictures_written_here_show_what_was_drawn(tmp_path: Path) -> None:
    path = tmp_path / "edge"
    for form, shown in {
        "PNG": GREY, "BMP": VIEW[..., ::-1], "PPM": VIEW, "TIFF of strips": GREY,
        "TIFF of one strip": GREY, "GIF": GREY & 254,
    }.items():  # fmt: skip
        path.write_bytes(WHOLE[form])
        assert np.array_equal(read(path)[0].codes, shown), form


@pytest.mark.parametrize("form", CHECKED)
def test_one_changed_bit_is_noticed_where_there_is_a_checksum(form: str) -> None:
    data = bytearray(WHOLE[form])
    data[len(data) // 2] ^= 4
    assert picture_damaged(bytes(data))


@pytest.mark.parametrize("form", WHOLE)
def test_a_missing_last_row_is_noticed(form: str) -> None:
    """Also where only the directory of a TIFF, or the tables of the JPEG in it, stood there."""
    data = WHOLE[form]
    assert picture_damaged(data[:-200])


def _even(kind: str) -> np.ndarray:
    picture = np.full((240, 320, 3), {"black": 0, "white": 255}.get(kind, 118), np.uint8)
    if kind in {"letterboxed", "pillarboxed"}:
        picture[:] = _DRAW.integers(20, 230, picture.shape)
        picture[[*range(30), *range(210, 240)]] = 0
    if kind == "pillarboxed":
        picture = np.ascontiguousarray(picture.transpose(1, 0, 2))
    if kind == "a slanted edge to black":
        for row in range(240):
            picture[row] = 0
            picture[row, : max(0, 320 - 4 * max(0, row - 100))] = 230
    if kind == "the dark":
        picture[:] = np.clip(_DRAW.normal(0, 1, picture.shape), 0, 255)
    return picture


@pytest.mark.parametrize(
    "kind",
    ["black", "white", "grey", "letterboxed", "pillarboxed", "a slanted edge to black", "the dark"],
)
def test_an_even_picture_is_not_taken_for_one_that_was_filled_up(kind: str) -> None:
    picture = _even(kind)
    for ending in (".png", ".bmp", ".ppm", ".tif", ".webp", ".gif", ".pam"):
        assert not picture_damaged(_coded(ending, picture=picture)), ending
    for how in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg"):
        assert not picture_damaged(_saved("TIFF", Image.fromarray(picture), compression=how)), how
    for quality in (5, 80, 101):
        assert not picture_damaged(_coded(".webp", int(cv2.IMWRITE_WEBP_QUALITY), quality, picture=picture))


def test_a_form_of_which_damage_is_not_known_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "edge"
    for ending in (".jp2", ".hdr", ".sr", ".avif"):
        path.write_bytes(_coded(ending, picture=VIEW))
        with pytest.raises(UsageError, match="damage cannot be noticed"):
            read(path)


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF of strips", "WebP"])
@pytest.mark.parametrize("damage", ["cut off", "filled up with zeros"])
def test_whatever_keeps_or_compares_a_picture_refuses_it(form: str, damage: str, tmp_path: Path) -> None:
    data = DAMAGE[damage](WHOLE[form])
    for reads in (luma_of, thumbnail):
        with pytest.raises(RigFault):
            reads(data)
    path = tmp_path / "photo"
    path.write_bytes(data)
    fault = fault_of(path, PhotoQuestion("CAM-1", "photo"))
    assert fault is not None
    assert "damaged or missing" in fault.en
    path.write_bytes(WHOLE[form])
    assert fault_of(path, PhotoQuestion("CAM-1", "photo")) is None


def test_a_drawing_that_is_cut_off_is_no_signature(tmp_path: Path) -> None:
    paper = np.full((300, 400), 255, np.uint8)
    cv2.polylines(paper, [np.array([[30, 200], [120, 60], [200, 220], [350, 90]], np.int32)], False, 0, 4)
    path = tmp_path / "signature.png"
    path.write_bytes(_coded(".png", picture=paper))
    assert ink_fault(path) is None
    path.write_bytes(path.read_bytes()[:-40])
    assert ink_fault(path) is not None
