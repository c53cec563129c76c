# SPDX-License-Identifier: Apache-2.0
"""A JPEG with a part missing is never measured: decoders fill it with grey, also where an end follows."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from yanshou.cli.pictures import read
from yanshou.fleet.pictures import of_jpeg
from yanshou.imaging import thumbnail
from yanshou.imaging.files import luma_of
from yanshou.model import RigFault, UsageError
from yanshou.model.jpeg import jpeg_damaged

END = b"\xff\xd9"
_NOISE = np.random.default_rng(5).integers(0, 255, (240, 320, 3), np.uint8)
VIEW = cv2.GaussianBlur(_NOISE, (0, 0), 3)


def _saved(picture: Image.Image, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", **how)  # type: ignore[arg-type]
    return file.getvalue()


def _held(way: int) -> Image.Exif:
    exif = Image.Exif()
    exif[274] = way
    return exif


COLOUR = Image.fromarray(VIEW)
WHOLE: dict[str, bytes] = {
    "half the colour": _saved(COLOUR, quality=75),
    "all of the colour": _saved(COLOUR, quality=98, subsampling=0),
    "progressive": _saved(COLOUR, progressive=True),
    "grey": _saved(COLOUR.convert("L")),
    "of a printer": _saved(COLOUR.convert("CMYK")),
    "held upright": _saved(COLOUR, exif=_held(6)),
    "restarts": cv2.imencode(".jpg", VIEW, [1, 85, int(cv2.IMWRITE_JPEG_RST_INTERVAL), 4])[1].tobytes(),
}
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: len(data) * 6 // 10],
    "cut off, with an end put behind it": lambda data: data[: len(data) * 6 // 10] + END,
    "filled up with zeros": lambda data: data[: len(data) * 6 // 10] + bytes(len(data) * 4 // 10),
    "only the end missing": lambda data: data[:-2],
    "the last lines missing": lambda data: data[: len(data) * 97 // 100] + END,
    "a hole": lambda data: data[: len(data) // 2] + data[len(data) // 2 + len(data) // 5 :],
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("form", WHOLE)
def test_a_part_that_is_missing_is_noticed(form: str, damage: str) -> None:
    assert jpeg_damaged(DAMAGE[damage](WHOLE[form]))


@pytest.mark.parametrize("behind", [b"", b"\r\n", bytes(512), WHOLE["grey"]])
@pytest.mark.parametrize("form", WHOLE)
def test_a_whole_one_may_have_anything_behind_its_end(form: str, behind: bytes) -> None:
    assert not jpeg_damaged(WHOLE[form] + behind)


def test_other_forms_of_picture_are_no_damaged_jpeg() -> None:
    assert not jpeg_damaged(cv2.imencode(".png", VIEW)[1].tobytes())
    assert not jpeg_damaged(b"")


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_measures_or_shows_a_picture_refuses_it(tmp_path: Path, damage: str) -> None:
    data = DAMAGE[damage](WHOLE["half the colour"])
    for reads in (luma_of, thumbnail, lambda content: of_jpeg(content, "CAM-1")):
        with pytest.raises(RigFault):
            reads(data)
    path = tmp_path / "edge.jpg"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="cut off or damaged"):
        read(path)


@pytest.mark.parametrize("form", ["half the colour", "held upright", "restarts"])
def test_a_whole_one_is_read_as_it_is_coded(tmp_path: Path, form: str) -> None:
    data = WHOLE[form]
    path = tmp_path / "edge.jpg"
    path.write_bytes(data)
    sizes = {luma_of(data).shape, of_jpeg(data, "CAM-1").shape, read(path)[0].codes.shape[:2]}
    assert sizes == {VIEW.shape[:2]}
