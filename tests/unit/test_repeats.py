# SPDX-License-Identifier: Apache-2.0
"""Pictures that are coded again differ from those before, and are no new pictures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from yanshou.acquisition.receiver import ReceivedFrame
from yanshou.drivers.stream.live import looked_at
from yanshou.evaluation.stream import repeats, unmoved
from yanshou.imaging.repeats import distinct_pictures
from yanshou.model.stream import Distinct, Luma

WIDTH, HEIGHT, COUNT = 320, 192, 75
DRAW = np.random.default_rng(11)
ROOM = cv2.GaussianBlur(DRAW.uniform(30, 220, (24, 40)).repeat(8, 0).repeat(8, 1), (0, 0), 1.5)


def taken(number: int, *, moving: bool = True) -> Luma:
    """The room with somebody who walks through it, and the noise of the moment."""
    seen = ROOM.copy()
    if moving:
        seen[60:140, 10 + 3 * number : 60 + 3 * number] = 235
    return np.clip(seen + DRAW.normal(0, 2, seen.shape), 0, 255).astype(np.uint8)


def coded(pictures: Sequence[Luma]) -> Distinct:
    """What is seen of the pictures after a coder of constant bit rate."""
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    coder.time_base, coder.framerate, coder.bit_rate = Fraction(1, 25), Fraction(25), 600_000
    coder.options = {"preset": "veryfast", "tune": "zerolatency", "x264-params": "keyint=25:scenecut=0"}
    packets = []
    for number, picture in enumerate(pictures):
        grey = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack((picture, grey)), format="yuv420p")
        frame.pts = number
        packets += coder.encode(frame)
    packets += coder.encode(None)
    decoder = av.CodecContext.create("h264", "r")
    frames = [one for packet in packets for one in decoder.decode(av.Packet(bytes(packet)))]
    lumas = [one.to_ndarray(format="yuv420p")[:HEIGHT] for one in [*frames, *decoder.decode(None)]]
    found = distinct_pictures((number / 25, one) for number, one in enumerate(lumas))
    assert found is not None
    return found


def padded(step: Callable[[int], int], *, moving: bool = True) -> Distinct:
    """A stream whose picture ``n`` is the one taken at ``step(n)``."""
    made = {number: taken(number, moving=moving) for number in {step(n) for n in range(COUNT)}}
    return coded([made[step(n)] for n in range(COUNT)])


def test_a_walk_through_the_view_proves_every_picture():
    found = padded(lambda n: n)
    assert (repeats(found), unmoved(found)) == ("", ())


@pytest.mark.parametrize("times", [2, 3, 4])
def test_pictures_coded_again_are_repetitions_though_each_differs(times: int):
    found = padded(lambda n: n - n % times)
    assert found.distinct > 0.9 * found.decoded  # every one is refined
    assert repeats(found)


def test_some_repetitions_a_second_are_told():
    assert unmoved(padded(lambda n: n - (n % 25 == 7)))


@pytest.mark.parametrize("frozen", [False, True], ids=["a still view", "a frozen one"])
def test_a_view_in_which_nothing_moves_never_proves_its_pictures(frozen: bool):
    found = padded((lambda _: 0) if frozen else (lambda n: n), moving=False)
    assert repeats(found) or unmoved(found)


@pytest.mark.parametrize(("frames", "first", "last"), [(200, 0, 199), (900, 0, 899), (250, 0, 249)])
def test_the_end_of_a_long_session_is_looked_at_as_well(frames: int, first: int, last: int):
    """A view that freezes after some seconds does not show at the beginning."""
    came = [ReceivedFrame(3600 * n, n / 25, n / 25, 9, 1, n % 50 == 0, True, b"x") for n in range(frames)]
    looked = [index for index, _ in looked_at(came, 250)]
    assert (looked[0], looked[-1]) == (first, last)
    assert 200 <= len(looked) <= 250
    assert all(came[b].key for a, b in itertools.pairwise(looked) if b != a + 1)
