# SPDX-License-Identifier: Apache-2.0
"""A format is asked for by width and height: as many pixels in another shape are not as large a picture."""

import pytest

from yanshou.evaluation.formats import pixels_of


@pytest.mark.parametrize(
    ("width", "height", "counted"),
    [
        (1280, 720, 921_600),
        (1920, 1080, 2_073_600),
        (1280, 960, 1_228_800),
        (720, 1280, 921_600),  # turned by a right angle
        (2592, 1944, 5_038_848),
        (1920, 480, 101_376),  # as many pixels as 1280×720, and lower than 704×576
        (3840, 540, 101_376),
        (1000, 1000, 405_504),  # a square of a million
        (704, 288, 202_752),
        (320, 240, 76_800),
    ],
)
def test_pixels_that_count(width: int, height: int, counted: int) -> None:
    assert pixels_of(width, height)[0] == counted


def test_what_is_lacking_is_told() -> None:
    assert "1280×720" not in pixels_of(1280, 720)[1]
    assert "704×576" in pixels_of(1920, 480)[1]
