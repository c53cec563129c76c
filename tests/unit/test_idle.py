# SPDX-License-Identifier: Apache-2.0
"""Somebody who leaves the view for a while makes no camera worse; a view that stands still is not empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from tests.support.distinct import distinct_of
from tests.unit.test_repeats import DRAW, ROOM, stream
from yanshou.evaluation.taken_anew import repeats, unmoved
from yanshou.model.stream import Distinct, Luma

WIDTH = ROOM.shape[1]


def person(number: float, left: int) -> float | None:
    """Where somebody walks who crosses the view in some 2 s and then is away for ``left`` pictures.

    Each time somewhat faster, and back again.
    """
    speed, back = 6.0, False
    while number > (crossing := (WIDTH + 50) / speed):
        number -= crossing + left
        speed, back = speed + 0.37, not back
        if number < 0:
            return None
    place = speed * number
    return WIDTH - place if back else place - 50


def filmed(number: float, left: int) -> Luma:
    """The room with the noise of the moment and, where in view, the person."""
    seen, place = ROOM.copy(), person(number, left)
    if place is not None:
        begin, end = (int(np.clip(one, 0, WIDTH)) for one in (place, place + 50))
        seen[60:140, begin:end] = 235
    return np.clip(seen + DRAW.normal(0, 2, seen.shape), 0, 255).astype(np.uint8)


def seen_of(pictures: Sequence[Luma], qp: int | None = None, most: int = 500) -> Distinct:
    found = distinct_of("h264", stream(pictures, qp), most, 90_000)
    assert found is not None
    return found


def proved(found: Distinct) -> bool:
    return not repeats(found) and not unmoved(found)


@pytest.mark.parametrize("qp", [None, 24, 36])
def test_somebody_who_leaves_the_view_for_a_while_makes_no_camera_worse(qp: int | None):
    found = seen_of([filmed(n, 25) for n in range(400)], qp)
    assert found.idle > 50
    assert proved(found), (found, repeats(found), unmoved(found))


def test_what_is_left_out_of_a_long_session_is_looked_at_in_full():
    """Most of it is not decoded; where nobody is in view all is, up to where somebody comes back."""
    found = seen_of([filmed(n, 40) for n in range(940)], 28, 150)
    assert found.decoded + found.idle < 900
    assert found.idle > 200
    assert proved(found), (found, repeats(found), unmoved(found))


def standing(at: Callable[[int], int], left: int = 50) -> Distinct:
    """A stream whose picture ``n`` is the one taken at ``at(n)``."""
    made = {number: filmed(number, left) for number in {at(n) for n in range(400)}}
    return seen_of([made[at(n)] for n in range(400)], 28)


@pytest.mark.parametrize("lasting", [10, 30, 75])
def test_a_view_that_stands_still_with_somebody_in_it_is_not_empty(lasting: int):
    assert not proved(standing(lambda n: 120 if 120 <= n < 120 + lasting else n))


def test_a_view_that_stands_still_while_somebody_comes_back_is_not_proved():
    """Nobody is in view when it begins; when it ends somebody is in the middle at once."""
    assert person(65, 50) is None
    assert 60 < (person(140, 50) or 0) < 220
    assert not proved(standing(lambda n: 65 if 65 <= n < 140 else n))


def test_a_view_that_nobody_comes_back_to_may_have_frozen():
    assert not proved(standing(lambda n: n, left=500))


def test_repeated_pictures_are_found_beside_an_empty_view():
    """Every second picture is the one before; it shows while somebody is in view."""
    assert not proved(standing(lambda n: n - n % 2, left=25))
    assert not proved(standing(lambda n: n - (n % 12 == 7), left=25))


def test_a_lamp_that_is_mostly_dark_is_no_person_who_leaves():
    made = []
    for number in range(400):
        seen = ROOM.copy()
        if number % 25 < 10:
            cv2.circle(seen, (160, 96), 40, 230, -1)
        made.append(np.clip(seen + DRAW.normal(0, 2, seen.shape), 0, 255).astype(np.uint8))
    assert not proved(seen_of(made, 28))


def test_a_session_of_few_key_frames_does_not_tell_who_left_from_what_was_drawn_over_a_picture():
    found = seen_of([filmed(n, 25) for n in range(340)], 28)
    assert found.idle == 0
    assert not proved(found)


def test_somebody_drawn_over_a_stored_picture_proves_nothing_by_leaving_it():
    """At a constant bit rate the quantiser comes back among as many key frames as are needed."""
    stored = filmed(65, 50)
    made = []
    for number in range(400):
        seen, place = stored.copy(), person(number, 25)
        if place is not None:
            begin, end = (int(np.clip(one, 0, WIDTH)) for one in (place, place + 50))
            seen[60:140, begin:end] = 235
        made.append(seen)
    found = seen_of(made)
    assert found.idle > 50
    (said,) = unmoved(found)
    assert "逐位相同" in said.text
