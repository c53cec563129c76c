# SPDX-License-Identifier: Apache-2.0
"""Pictures that are coded again differ from those before, and are no new pictures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from tests.support.distinct import distinct_of
from yanshou.acquisition.receiver import ReceivedFrame
from yanshou.drivers.stream.looked import looked_at, seen_of
from yanshou.evaluation.taken_anew import repeats, unmoved
from yanshou.model.stream import Distinct, Luma

WIDTH, HEIGHT, COUNT = 320, 192, 75
DRAW = np.random.default_rng(11)
ROOM = cv2.GaussianBlur(DRAW.uniform(30, 220, (24, 40)).repeat(8, 0).repeat(8, 1), (0, 0), 1.5)


def walked(number: int) -> int:
    """Where somebody walks who crosses the view again and again, faster each time."""
    return 10 + round(3 * number + number**2 / 500) % 250


def taken(number: int, *, moving: bool = True) -> Luma:
    """The room with somebody who walks through it, and the noise of the moment."""
    seen = ROOM.copy()
    if moving:
        place = walked(number)
        seen[60:140, place : place + 50] = 235
    return np.clip(seen + DRAW.normal(0, 2, seen.shape), 0, 255).astype(np.uint8)


def coded(pictures: Sequence[Luma], qp: int | None = None) -> Distinct:
    """What is seen of the pictures after a coder of constant bit rate, or of one quantiser."""
    found = distinct_of("h264", stream(pictures, qp), len(pictures), 90_000)
    assert found is not None
    return found


def stream(pictures: Sequence[Luma], qp: int | None = None) -> list[ReceivedFrame]:
    """The coded frames, a key frame every second, as they arrive."""
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, 25), Fraction(25)
    coder.options = {"preset": "veryfast", "tune": "zerolatency", "x264-params": "keyint=25:scenecut=0"}
    if qp is None:
        coder.bit_rate = 600_000
    else:
        coder.options |= {"qp": str(qp)}
    packets = []
    for number, picture in enumerate(pictures):
        grey = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack((picture, grey)), format="yuv420p")
        frame.pts = number
        packets += coder.encode(frame)
    packets += coder.encode(None)
    return [
        ReceivedFrame(3600 * n, n / 25, n / 25, one.size, 1, n % 25 == 0, True, bytes(one))
        for n, one in enumerate(packets)
    ]


def padded(step: Callable[[int], int], *, moving: bool = True) -> Distinct:
    """A stream whose picture ``n`` is the one taken at ``step(n)``."""
    made = {number: taken(number, moving=moving) for number in {step(n) for n in range(COUNT)}}
    return coded([made[step(n)] for n in range(COUNT)])


def test_a_walk_through_the_view_proves_every_picture():
    found = padded(lambda n: n)
    assert (repeats(found), unmoved(found)) == ("", ())


@pytest.mark.parametrize("every", [1, 5])
def test_coded_data_that_is_sent_again_is_told(every: int):
    """A decoder makes another picture of it each time."""
    came = [
        one
        for n, one in enumerate(stream([taken(n) for n in range(60)]))
        for _ in range(1 + (n % every == 0))
    ]
    found = distinct_of("h264", came, 250, 90_000)
    assert found is not None
    assert found.sent_again == sum(n % every == 0 for n in range(60))
    assert "重复发送" in repeats(found)


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


def written_into(one: Luma, number: int, what: str) -> Luma:
    """A stored picture into which something that moves is drawn."""
    seen, place = one.copy(), 5 * number % (WIDTH - 60)
    if what == "box":
        seen[60:120, place : place + 40] = 235
    elif what == "spinner":
        seen[20:36, 250 + number % 8 : 266 + number % 8] = 240
    else:
        text = f"2026-11-29 12:00:{number // 25:02d}.{4 * (number % 25):02d}"
        cv2.putText(seen, text, (8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 240, 2)
    return seen


@pytest.mark.parametrize("qp", [20, 34])
@pytest.mark.parametrize("what", ["box", "spinner", "clock"])
def test_movement_drawn_into_a_stored_picture_proves_no_view(what: str, qp: int):
    stored = taken(0, moving=False)
    found = coded([written_into(stored, n, what) for n in range(COUNT)], qp)
    assert (repeats(found), len(unmoved(found))) == ("", 1)


@pytest.mark.parametrize("what", ["spinner", "clock"])
def test_at_a_constant_bit_rate_a_clock_or_lamp_proves_no_view(what: str):
    """The quantiser changes between key frames, so copies do not agree; how little moves still tells."""
    stored = taken(0, moving=False)
    assert unmoved(coded([written_into(stored, n, what) for n in range(COUNT)]))


def test_at_a_constant_bit_rate_a_large_thing_drawn_in_proves_no_view():
    """Its quantiser comes back to the same one in some two of the key frames, and the copies with it."""
    stored = taken(0, moving=False)
    made = [written_into(stored, n, "box") for n in range(300)]
    (said,) = unmoved(coded(made))
    assert "逐位相同" in said.text


def test_a_privacy_mask_is_no_copied_picture():
    """It covers most of what does not move, and is the same in all pictures."""
    made = [taken(n) for n in range(COUNT)]
    for one in made:
        one[: HEIGHT // 4] = 16
        one[3 * HEIGHT // 4 :] = 128
    found = coded(made, 30)
    assert (repeats(found), unmoved(found)) == ("", ())


def played_again(period: int, noise: float, *, count: int) -> list[Luma]:
    """Stored pictures that are played again and again, with fresh noise and another time written in."""
    stored = [taken(n) for n in range(period)]
    made = []
    for number in range(count):
        seen = np.clip(stored[number % period] + DRAW.normal(0, noise, ROOM.shape), 0, 255).astype(np.uint8)
        text = f"12:00:{number // 25:02d}"
        cv2.putText(seen, text, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 240, 2)
        made.append(seen)
    return made


@pytest.mark.parametrize(
    ("period", "noise", "qp", "count"), [(53, 2.0, None, 200), (177, 3.0, 32, 350), (251, 0.0, None, 400)]
)
def test_stored_pictures_that_are_played_again_prove_no_view(
    period: int, noise: float, qp: int | None, count: int
):
    found = distinct_of("h264", stream(played_again(period, noise, count=count), qp), 250, 90_000)
    assert found is not None
    assert found.again_s == pytest.approx(period / 25, abs=0.001)
    assert unmoved(found)


def test_a_long_walk_repeats_nothing():
    found = distinct_of("h264", stream([taken(n) for n in range(400)]), 250, 90_000)
    assert found is not None
    assert (repeats(found), unmoved(found)) == ("", ())


@pytest.mark.parametrize("what", ["fan", "lamp", "sign"])
def test_what_turns_or_blinks_is_no_loop(what: str):
    made = []
    for number in range(400):
        seen = ROOM.copy()
        if what == "fan":
            for blade in range(3):
                cv2.ellipse(seen, (220, 90), (50, 50), 45.7 * number + 120 * blade, 0, 45, 210, -1)
        elif what == "lamp":
            seen[40:120, 60:140] = 230 if number // 12 % 2 else 60
        else:  # three lights, one after the other
            lit = number // 60 % 3
            seen[40 + 35 * lit : 70 + 35 * lit, 60:120] = 230
        made.append(np.clip(seen + DRAW.normal(0, 2, seen.shape), 0, 255).astype(np.uint8))
    found = distinct_of("h264", stream(made, 30), 250, 90_000)
    assert found is not None
    assert found.again_s is None


@pytest.mark.parametrize("qp", [18, 28, 38])
def test_a_walk_through_the_view_proves_it_at_any_quantiser(qp: int):
    found = coded([taken(n) for n in range(COUNT)], qp)
    assert (repeats(found), unmoved(found)) == ("", ())


@pytest.mark.parametrize(("frames", "first", "last"), [(200, 0, 199), (900, 0, 899), (250, 0, 249)])
def test_beginning_and_end_of_a_long_session_are_looked_at(frames: int, first: int, last: int):
    """A view that freezes after some seconds does not show at the beginning."""
    came = [ReceivedFrame(3600 * n, n / 25, n / 25, 9, 1, n % 50 == 0, True, b"x") for n in range(frames)]
    looked = looked_at("h264", came, 250)
    places = [index for index, _ in looked.frames]
    assert (places[0], places[-1]) == (first, last)
    assert 200 <= len(places) <= 550  # and a key frame a second
    begins = {b for a, b in itertools.pairwise(places) if b != a + 1}
    assert begins == looked.begins
    assert all(came[b].key for b in begins)


@pytest.mark.parametrize(("frozen", "noticed"), [(0, False), (75, True), (300, True)])
def test_a_view_that_freezes_in_the_middle_of_a_long_session_is_noticed(frozen: int, noticed: bool):
    """500 pictures of which so many, from the 110th on, are the same one."""
    made = [taken(n if not 110 <= n < 110 + frozen else 110) for n in range(500)]
    still = made[110]
    made = [still if 110 <= n < 110 + frozen else one for n, one in enumerate(made)]
    came = stream(made)
    assert len(looked_at("h264", came, 150).frames) < 500
    found = distinct_of("h264", came, 150, 90_000)
    assert found is not None
    assert bool(unmoved(found) or repeats(found)) is noticed


def test_a_long_playback_is_decoded_once_and_seen_from_its_first_to_its_last_picture():
    """Its last picture is not the 150th, and those between are of the time between."""
    made = [taken(n) for n in range(400)]
    seen = seen_of("h264", stream(made), 150, 90_000)
    assert seen.first is not None
    assert seen.last is not None
    assert (seen.first.index, seen.last.index) == (0, 399)
    assert seen.decoded == len(looked_at("h264", stream(made), 150).frames)
    shown = [where_seen(one) for one in (seen.first.luma, *seen.between, seen.last.luma)]
    assert shown == [pytest.approx(walked(n), abs=3) for n in (0, 125, 250, 399)]


def where_seen(luma: Luma) -> float:
    """Where the person begins who is in view."""
    return float(np.flatnonzero(luma[70:130].min(axis=0) > 215)[0])


def test_parameter_sets_of_the_session_description_are_used():
    """A camera need not send them in its stream; without them nothing would be looked at."""
    whole = stream([taken(n) for n in range(60)])
    units = [one for one in whole[0].data.split(b"\0\0\0\1") if one]
    sets = [one for one in units if one[0] & 31 in (7, 8)]
    bare = [replace(one, data=without_sets(one.data)) for one in whole]
    assert len(sets) == 2
    assert distinct_of("h264", bare, 250, 90_000) is None
    assert distinct_of("h264", bare, 250, 90_000, sets) == distinct_of("h264", whole, 250, 90_000)


def without_sets(data: bytes) -> bytes:
    """The NAL units of a coded picture that are no parameter sets, after start codes of three bytes."""
    start = b"\0\0\1"
    units = [one.rstrip(b"\0") for one in data.split(start)]
    return b"".join(start + one for one in units if one and one[0] & 31 not in (7, 8))


def test_a_long_session_with_one_key_frame_is_looked_at_in_full():
    came = [ReceivedFrame(3600 * n, n / 25, n / 25, 9, 1, n == 0, True, b"x") for n in range(900)]
    assert len(looked_at("h264", came, 250).frames) == 900
