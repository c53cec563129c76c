# SPDX-License-Identifier: Apache-2.0
"""Pictures coded anew are told from pictures of another day, both ways; what cannot be told is said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from yanshou.imaging.copies import Luma
from yanshou.imaging.recoded import Kin, PictureChange, change, kinship

WIDTH, HEIGHT = 960, 544
DRAW = np.random.default_rng(7)


def room() -> np.ndarray:
    scene = np.full((HEIGHT, WIDTH), 90.0)
    for _ in range(40):
        x, y = DRAW.integers(0, WIDTH - 60), DRAW.integers(0, HEIGHT - 60)
        part = scene[y : y + DRAW.integers(20, 160), x : x + DRAW.integers(20, 160)]
        part[:] = DRAW.uniform(30, 220) + DRAW.normal(0, 12, part.shape)
    return cv2.GaussianBlur(scene, (0, 0), 0.8)


ROOM = room()


def taken(noise: float, *, shift_px: float = 0.0) -> list[Luma]:
    """Two pictures of the room, each with noise of its own and the camera somewhere within ``shift_px``."""
    pair = []
    for _ in range(2):
        right, down = DRAW.uniform(-shift_px, shift_px, 2)
        seen = cv2.warpAffine(ROOM, np.array([[1, 0, right], [0, 1, down]]), (WIDTH, HEIGHT))
        pair.append(np.clip(np.rint(seen + DRAW.normal(0, noise, seen.shape)), 0, 255).astype(np.uint8))
    return pair


def coded(pictures: Sequence[Luma], date: str, qp: int, codec: str = "h264") -> list[Luma]:
    """The pictures with a date written in, coded as key frames with this quantiser and decoded again."""
    coder = av.CodecContext.create("libx265" if codec == "h265" else "libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, 25), Fraction(25)
    own = f"keyint=1:qp={qp}:log-level=none:pools=none:frame-threads=1" if codec == "h265" else "keyint=1"
    params = "x265-params" if codec == "h265" else "x264-params"
    coder.options = {"preset": "ultrafast", "qp": str(qp), params: own}
    packets = []
    for number, picture in enumerate(pictures):
        luma = picture.copy()
        cv2.putText(luma, date, (8, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 250, 2)
        grey = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack((luma, grey)), format="yuv420p")
        frame.pts = number
        packets += coder.encode(frame)
    packets += coder.encode(None)
    decoder = av.CodecContext.create("hevc" if codec == "h265" else "h264", "r")
    frames = [one for packet in packets for one in decoder.decode(av.Packet(bytes(packet)))]
    return [one.to_ndarray(format="yuv420p")[:HEIGHT].copy() for one in [*frames, *decoder.decode(None)]]


def seen(pictures: Sequence[Luma], qp: float | None) -> PictureChange:
    made = change(pictures[0], pictures[1], qp)
    assert made is not None
    return made


@pytest.mark.parametrize(("codec", "noise"), [("h264", 0.5), ("h265", 1.5)])
@pytest.mark.parametrize(("source", "anew"), [(20, 18), (22, 24), (26, 26)])
def test_one_day_coded_anew_with_another_date_is_a_copy_and_two_days_are_none(codec, source, anew, noise):
    first = coded(taken(noise), "2026-11-01", source, codec)
    again = coded(first, "2026-11-29", anew, codec)
    other = coded(taken(noise), "2026-11-29", anew, codec)
    assert kinship(seen(first, source), seen(again, anew)) is Kin.COPY
    assert kinship(seen(first, source), seen(other, anew)) is Kin.APART


@pytest.mark.parametrize(("source", "anew"), [(18, 26), (18, 30), (22, 36), (30, 44)])
def test_a_copy_coded_much_coarser_is_never_taken_for_another_day(source: int, anew: int):
    first = coded(taken(1.0), "2026-11-01", source)
    again = coded(first, "2026-11-29", anew)
    assert kinship(seen(first, source), seen(again, anew)) in (Kin.COPY, Kin.UNDECIDED)


@pytest.mark.parametrize("boxes", [[(100, 300)], [(100, 120), (560, 380)]], ids=["a box", "two boxes"])
@pytest.mark.parametrize(("source", "anew"), [(22, 36), (38, 38), (34, 40)])
def test_what_is_drawn_into_a_coarse_copy_makes_no_other_day(source: int, anew: int, boxes):
    """Its noise is lost, so only the scene could tell; it differs where the box is, and nowhere else."""
    first = coded(taken(0.5), "2026-11-01", source)
    drawn = [one.copy() for one in first]
    for number, one in enumerate(drawn):
        for left, top in boxes:
            one[top : top + 130, left + 40 * number : left + 40 * number + 260] = 60
    again = coded(drawn, "2026-11-29", anew)
    assert kinship(seen(first, source), seen(again, anew)) is not Kin.APART


def test_another_scene_is_another_day_where_the_noise_is_lost():
    """Furniture, shadows and light differ all over the picture."""
    first = coded(taken(0.5), "2026-11-01", 38)
    changed = [np.roll(one, (40, 90), (0, 1)) for one in taken(0.5)]
    assert kinship(seen(first, 38), seen(coded(changed, "2026-11-29", 38), 38)) is Kin.APART


@pytest.mark.parametrize("qp", [20, 28])
@pytest.mark.parametrize("shift_px", [0.1, 0.5, 2.0])
def test_a_camera_that_shakes_on_both_days_makes_no_copy(qp: int, shift_px: float):
    for _ in range(2):
        one, other = (coded(taken(1.0, shift_px=shift_px), date, qp) for date in ("2026-11-01", "2026-11-02"))
        assert kinship(seen(one, qp), seen(other, qp)) is not Kin.COPY


def test_light_that_changes_alike_on_both_days_makes_no_copy():
    """A lamp that comes on at the same second of each day changes every block in the same way."""
    days = []
    for _ in range(2):
        dark, lit = taken(1.0)
        slope = np.linspace(1.05, 1.3, WIDTH)[None, :]
        days.append([dark, np.clip(np.rint(lit * slope + 4), 0, 255).astype(np.uint8)])
    one, other = (seen(day, 18) for day in days)
    assert kinship(one, other) is Kin.APART


def test_the_same_movement_at_the_same_second_in_a_small_part_makes_no_copy():
    """A clock on the wall, a display, a barrier that opens by schedule."""
    one, other = (coded(taken(1.0), date, 20) for date in ("2026-11-01", "2026-11-02"))
    for day in (one, other):
        day[1][200:264, 300:364] = 235
    assert kinship(seen(one, 20), seen(other, 20)) is Kin.APART


def test_noise_proves_no_other_day_where_a_copy_would_show_other_frames():
    """Its key frames stand elsewhere: the frames differ as those of two days do."""
    first, other = (coded(taken(1.0), date, 20) for date in ("2026-11-01", "2026-11-02"))
    assert kinship(seen(first, 20), seen(other, 20), same_moment=False) is Kin.UNDECIDED


@pytest.mark.parametrize("added", [1.0, 3.0, 6.0, 12.0])
def test_a_copy_with_noise_added_is_never_taken_for_another_day(added: float):
    first = coded(taken(1.0), "2026-11-01", 20)
    noisy = [
        np.clip(np.rint(one + DRAW.normal(0, added, one.shape)), 0, 255).astype(np.uint8) for one in first
    ]
    assert kinship(seen(first, 20), seen(coded(noisy, "2026-11-29", 20), 20)) is not Kin.APART


def test_without_anything_that_changes_nothing_is_known():
    still = seen([ROOM.astype(np.uint8)] * 2, 18)
    assert kinship(still, still) is Kin.UNDECIDED
    alone = change(ROOM.astype(np.uint8), None, 18)
    assert alone is not None
    assert kinship(alone, seen(taken(1.0), 18)) is Kin.UNDECIDED


def test_pictures_of_another_size_cannot_be_compared():
    one = seen(taken(1.0), 18)
    smaller = seen([picture[:, :320] for picture in taken(1.0)], 18)
    assert kinship(one, smaller) is Kin.UNDECIDED
    assert change(np.zeros((32, 32), np.uint8), None, 18) is None


def noisier(pictures: Sequence[Luma], noise: float) -> list[Luma]:
    """The pictures with noise added to each of them."""
    return [
        np.clip(np.rint(one + DRAW.normal(0, noise, one.shape)), 0, 255).astype(np.uint8) for one in pictures
    ]


@pytest.mark.parametrize(("source", "added"), [(0.5, 2.0), (0.5, 5.0), (1.0, 5.0), (2.0, 10.0)])
def test_a_day_copied_with_equal_noise_added_on_every_day_is_never_another_day(source, added):
    day = taken(source)
    one, other = (coded(noisier(day, added), date, 24) for date in ("2026-11-01", "2026-11-29"))
    assert kinship(seen(one, 24), seen(other, 24)) is not Kin.APART


@pytest.mark.parametrize("noise", [0.5, 2.0, 3.0])
def test_a_noisy_camera_shows_its_days_by_that_noise(noise: float):
    one, other = (coded(taken(noise), date, 20) for date in ("2026-11-01", "2026-11-29"))
    assert kinship(seen(one, 20), seen(other, 20)) is Kin.APART


def test_somebody_who_walks_by_shows_no_two_days_where_noise_may_hide_a_copy():
    """He may be drawn into a copy of the other day."""
    one, other = (taken(10.0) for _ in range(2))
    for picture in one:
        picture[120:400, 200:420] = 30
    assert kinship(seen(coded(one, "1", 24), 24), seen(coded(other, "2", 24), 24)) is Kin.UNDECIDED
