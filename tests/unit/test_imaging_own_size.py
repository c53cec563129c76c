# SPDX-License-Identifier: Apache-2.0
"""What a picture holds of the size it claims: blown up, its own, or not to be told."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest
import skimage.data

from yanshou.imaging.own_size import Holds, own_size

Picture = npt.NDArray[np.uint8]
KERNELS = {
    "nearest": cv2.INTER_NEAREST,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
    "area": cv2.INTER_AREA,
}


def coded(luma: Picture, qp: int) -> Picture:
    """The picture as an H.264 coder of this quantiser leaves it."""
    height, width = luma.shape
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = width, height, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, 25), Fraction(25)
    coder.options = {"preset": "veryfast", "qp": str(qp)}
    planes = np.vstack((luma, np.full((height // 2, width), 128, np.uint8)))
    packets = [*coder.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")), *coder.encode(None)]
    decoder = av.CodecContext.create("h264", "r")
    data = av.Packet(b"".join(bytes(one) for one in packets))
    frame = [*decoder.decode(data), *decoder.decode(None)][0]
    return np.ascontiguousarray(frame.to_ndarray()[:height])


def named(name: str) -> Picture:
    picture = getattr(skimage.data, name)()
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    return np.asarray(grey, np.uint8)


@pytest.fixture(scope="module", params=["camera", "coffee"])
def photograph(request: pytest.FixtureRequest) -> Picture:
    return named(request.param)


def enlarged(photograph: Picture, ratio: float, kernel: int) -> Picture:
    height, width = photograph.shape
    small = cv2.resize(
        photograph, (round(width / ratio), round(height / ratio)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=kernel), np.uint8)


def noisy(picture: Picture, sd: float) -> Picture:
    grain = np.random.default_rng(1).normal(0, sd, picture.shape)
    return np.asarray(np.clip(picture + grain, 0, 255), np.uint8)


def disc(picture: Picture, radius: int) -> Picture:
    """Out of focus: the point spread is a disc."""
    side = 2 * radius + 3
    spread = cv2.circle(np.zeros((side, side), np.float32), (radius + 1, radius + 1), radius, 1.0, -1)
    return np.asarray(cv2.filter2D(picture, -1, spread / spread.sum()), np.uint8)


@pytest.mark.parametrize(
    ("ratio", "qp"), [(5 / 4, 18), (4 / 3, 20), (3 / 2, 18), (3 / 2, 26), (2, 18), (3, 28), (4, 24)]
)
@pytest.mark.parametrize("kernel", KERNELS)
def test_an_enlarged_picture_never_holds_all_of_its_size(photograph, kernel, ratio, qp):
    picture = enlarged(photograph, ratio, KERNELS[kernel])
    assert own_size(coded(picture, qp), qp).holds is not Holds.ALL


@pytest.mark.parametrize("qp", [16, 26])
@pytest.mark.parametrize("ratio", [9 / 8, 7 / 5, 15 / 8])
def test_columns_repeated_in_an_irregular_ratio_never_hold_all(photograph, ratio, qp):
    picture = enlarged(photograph, ratio, cv2.INTER_NEAREST)
    assert own_size(coded(picture, qp), qp).holds is not Holds.ALL


SLIGHT = [(1.02, "area", 18), (20 / 19, "bicubic", 28), (20 / 19, "lanczos", 16), (1.1, "area", 24),
          (9 / 8, "lanczos", 28), (8 / 7, "bicubic", 16), (6 / 5, "lanczos", 24),
          (5 / 4, "bicubic", 28)]  # fmt: skip


@pytest.mark.parametrize(("ratio", "kernel", "qp"), SLIGHT)
def test_an_enlargement_by_little_never_holds_all(photograph, ratio, kernel, qp):
    """From a source whose finest detail is its own: the hardest case."""
    height, width = photograph.shape
    sharp = photograph[: round(height / ratio), : round(width / ratio)]
    picture = np.asarray(cv2.resize(sharp, (width, height), interpolation=KERNELS[kernel]), np.uint8)
    assert own_size(coded(picture, qp), qp).holds is not Holds.ALL


NOISY = [(1.03, "bicubic", 4), (1.05, "lanczos", 4), (1.08, "bilinear", 2), (1.1, "bilinear", 3),
         (1.1, "lanczos", 4), (1.15, "bicubic", 6), (1.2, "bilinear", 3), (1.25, "lanczos", 2)]  # fmt: skip


@pytest.mark.parametrize(("ratio", "kernel", "sd"), NOISY)
def test_noise_added_to_an_enlarged_picture_does_not_hide_it(photograph, ratio, kernel, sd):
    height, width = photograph.shape
    sharp = photograph[: round(height / ratio), : round(width / ratio)]
    picture = cv2.resize(sharp, (width, height), interpolation=KERNELS[kernel])
    assert own_size(coded(noisy(np.asarray(picture, np.uint8), sd), 20), 20).holds is not Holds.ALL


STRETCHED = [(1.06, "bicubic", False), (1.19, "lanczos", True), (4 / 3, "bicubic", True),
             (1.45, "bicubic", False), (1.6, "bicubic", True), (1.357, "lanczos", False)]  # fmt: skip


@pytest.mark.parametrize(("ratio", "kernel", "turned"), STRETCHED)
def test_a_picture_stretched_along_one_side_never_holds_all(photograph, ratio, kernel, turned):
    height, width = photograph.shape
    narrow = cv2.resize(photograph, (round(width / ratio), height), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(narrow, (width, height), interpolation=KERNELS[kernel])
    picture = np.ascontiguousarray(wide.T if turned else wide, np.uint8)
    assert own_size(coded(picture, 18), 18).holds is not Holds.ALL


def test_sharpening_after_the_enlargement_does_not_hide_it(photograph):
    picture = enlarged(photograph, 1.1, cv2.INTER_CUBIC).astype(np.float32)
    sharp = np.clip(picture * 1.8 - cv2.GaussianBlur(picture, (0, 0), 1.0) * 0.8, 0, 255)
    assert own_size(coded(sharp.astype(np.uint8), 18), 18).holds is not Holds.ALL


@pytest.mark.parametrize("ratio", [2, 4])
def test_repeated_pixels_are_an_enlargement_of_at_least_that_much(photograph, ratio):
    found = own_size(coded(enlarged(photograph, ratio, cv2.INTER_NEAREST), 24), 24)
    assert found.holds is Holds.LESS
    assert found.width <= 0.5
    assert found.height <= 0.5


def test_rows_that_are_doubled_are_seen_though_the_width_is_whole(photograph):
    height, width = photograph.shape
    field = cv2.resize(photograph, (width, height // 2), interpolation=cv2.INTER_AREA)
    picture = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    assert own_size(coded(picture, 20), 20).holds is not Holds.ALL


def test_characters_written_afterwards_do_not_make_it_whole(photograph):
    picture = enlarged(photograph, 4, cv2.INTER_CUBIC)
    cv2.putText(picture, "2026-11-29 12:00:00", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 240, 2)
    assert own_size(coded(picture, 20), 20).holds is not Holds.ALL


def test_a_view_of_few_straight_edges_proves_no_size() -> None:
    """Enlarged or not, nothing tells: it is left open."""
    room = np.full((576, 704), 90, np.uint8)
    for left in range(40, 640, 150):
        room[left // 2 : left // 2 + 200, left : left + 70] = 180
    for picture in (room, enlarged(room, 3 / 2, cv2.INTER_LINEAR)):
        assert own_size(coded(picture, 20), 20).holds is Holds.UNKNOWN


@pytest.mark.parametrize("qp", [16, 26])
@pytest.mark.parametrize("name", ["camera", "coffee"])
def test_a_photograph_of_its_own_size_holds_all(name, qp):
    assert own_size(coded(named(name), qp), qp).holds is Holds.ALL


@pytest.mark.parametrize("qp", [16, 26])
def test_a_picture_whose_finest_detail_is_noise_is_left_open(qp):
    """Galaxies on a noisy ground: enlarged with that noise added they would look the same."""
    assert own_size(coded(named("hubble_deep_field"), qp), qp).holds is Holds.UNKNOWN


SOFT: dict[str, Callable[[Picture], Picture]] = {
    "out of focus": lambda picture: disc(picture, 4),
    "blurred": lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.0), np.uint8),
    "very blurred": lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 5.0), np.uint8),
    "noise of the night": lambda picture: noisy(np.asarray(picture * 0.3, np.uint8), 8.0),
    "soft and noisy": lambda picture: noisy(disc(picture, 3), 6.0),
    "dark": lambda picture: np.asarray(picture * 0.1 + 8, np.uint8),
    "nothing to see": lambda picture: np.full_like(picture, 16),
}


@pytest.mark.parametrize("qp", [18, 38])
@pytest.mark.parametrize("what", SOFT)
def test_a_soft_picture_of_its_own_size_is_not_called_enlarged(photograph, what, qp):
    assert own_size(coded(SOFT[what](photograph), qp), qp).holds is not Holds.LESS


def test_a_low_bit_rate_is_no_enlargement(photograph):
    for qp in (34, 42, 48):
        assert own_size(coded(photograph, qp), qp).holds is Holds.UNKNOWN
