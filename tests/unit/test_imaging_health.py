# SPDX-License-Identifier: Apache-2.0
"""Health of a picture: each defect, planted in photographs nobody here took, shows in its own indicator."""

from __future__ import annotations

import json
import warnings

import cv2
import numpy as np
import pytest
import skimage.data
import skimage.measure
import skimage.restoration

from yanshou.imaging.health import (
    AcceptedView,
    Signal,
    ViewChange,
    changes,
    compared,
    displacement,
    indicators,
    liveness,
    signal_of,
    stripe_added,
    traits_of,
    view_features,
)
from yanshou.imaging.health.life import _difference
from yanshou.imaging.health.traits import _block_means, _blocking, _small, thinned_out

PHOTOS = ("camera", "astronaut", "coffee", "chelsea", "rocket")


def photo(name: str) -> np.ndarray:
    image = getattr(skimage.data, name)()
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = 1280 / grey.shape[1]
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)[:720]


def noisy(luma: np.ndarray, sigma: float) -> np.ndarray:
    grain = np.random.default_rng(3).normal(0, sigma, luma.shape)
    return np.clip(np.rint(luma + grain), 0, 255).astype(np.uint8)


def striped(luma: np.ndarray, amplitude: float) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * np.arange(luma.shape[0]) / 18)[:, None]
    return np.clip(np.rint(luma + wave), 0, 255).astype(np.uint8)


def covered(luma: np.ndarray, share: float) -> np.ndarray:
    hand = luma.copy()
    hand[:, : int(share * luma.shape[1])] = 60
    return hand


GREY = np.full((360, 640), 128, np.uint8)


@pytest.mark.parametrize("name", PHOTOS)
def test_each_change_grows_with_its_defect_and_stays_small_without(name: str):
    healthy = noisy(photo(name), 0.6)
    accepted = AcceptedView.of([(healthy, (GREY, GREY))])
    same = changes(accepted, noisy(photo(name), 0.6), (GREY, GREY))
    assert same[ViewChange.SHARPNESS] == pytest.approx(1, abs=0.02)
    assert same[ViewChange.NOISE] < 0.5
    assert same[ViewChange.BRIGHTNESS] < 0.5
    assert same[ViewChange.STRIPES] < 0.3
    assert same[ViewChange.OCCLUSION] == 0
    assert same[ViewChange.SHIFT] < 0.1
    assert same[ViewChange.CAST] == 0

    def seen(what: ViewChange, luma: np.ndarray, u: int = 128) -> float:
        return changes(accepted, luma, (np.full_like(GREY, u), GREY))[what]

    blurred = [seen(ViewChange.SHARPNESS, cv2.GaussianBlur(healthy, (0, 0), s)) for s in (1, 2, 4, 8)]
    assert blurred == sorted(blurred, reverse=True)
    assert blurred[-1] < 0.75
    for sigma in (3.0, 6.0, 12.0):
        assert seen(ViewChange.NOISE, noisy(healthy, sigma)) == pytest.approx(sigma, rel=0.25)
    for amplitude in (4.0, 8.0):
        assert seen(ViewChange.STRIPES, striped(healthy, amplitude)) == pytest.approx(amplitude, rel=0.35)
    assert seen(ViewChange.BRIGHTNESS, (healthy * 0.4).astype(np.uint8)) > 25
    assert seen(ViewChange.CAST, healthy, u=146) == pytest.approx(18)
    covers = [seen(ViewChange.OCCLUSION, covered(healthy, share)) for share in (0.3, 0.6, 0.9)]
    assert covers == sorted(covers)
    assert covers[-1] > 40


@pytest.mark.parametrize("name", PHOTOS[:2])
@pytest.mark.parametrize("how", ["stands", "rolls", "across", "dimmed", "moved", "walked by"])
def test_stripes_are_measured_over_whatever_the_scene_shows(name: str, how: str):
    """Those of the scene itself, of another light or place, and somebody who walks by are none."""
    scene = photo(name).astype(np.float64)
    height, width = scene.shape
    draw = np.random.default_rng(5)
    accepted = AcceptedView.of([(noisy(photo(name), 0.6), None)])

    def seen(number: int, amplitude: float, phase: float, cycles: float) -> np.ndarray:
        side = np.linspace(0, 1, width if how == "across" else height, endpoint=False)
        begins = draw.uniform(0, 6) if how == "rolls" else phase
        wave = amplitude * np.sin(2 * np.pi * cycles * side + begins)
        one = scene * 0.8 if how == "dimmed" else scene.copy()
        if how == "moved":
            one = cv2.warpAffine(one, np.float32([[1, 0, 0.8], [0, 1, 0.8]]), (width, height))
        if how == "walked by":
            left = number * width // 6
            one[height // 3 : -height // 6, left : left + width // 12] = 60
        one += wave[None, :] if how == "across" else wave[:, None]
        return np.clip(np.rint(one + draw.normal(0, 0.6, one.shape)), 0, 255).astype(np.uint8)

    for amplitude, phase in ((0.0, 0.0), (3.0, 0.0), (3.0, 1.6)):
        cycles = draw.uniform(12, 50)
        found = stripe_added(
            [compared(accepted, traits_of(seen(n, amplitude, phase, cycles)))[1] for n in range(5)]
        )
        # where there is no stripe, what moves leaves the largest of many lines
        least = 1.2 if how == "walked by" and not amplitude else 0.7
        spread = 2.8 * float(np.std(found, ddof=1)) / len(found) ** 0.5
        assert np.mean(found) == pytest.approx(amplitude, abs=least + spread), (amplitude, phase, cycles)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_moved_camera_is_told_by_how_far_and_another_view_is_told_apart(name: str):
    healthy = photo(name)
    height, width = healthy.shape
    for shift in (20, 64):
        moved = cv2.warpAffine(healthy, np.float32([[1, 0, shift], [0, 1, 0]]), (width, height))
        found = displacement(view_features(healthy), view_features(moved), aspect=height / width)
        assert found.same
        assert found.shift_percent == pytest.approx(100 * shift / width, abs=0.15)
    dim = noisy((healthy * 0.4).astype(np.uint8), 4)
    assert displacement(view_features(healthy), view_features(dim), aspect=height / width).shift_percent < 0.5
    other = photo(PHOTOS[(PHOTOS.index(name) + 1) % len(PHOTOS)])
    assert not displacement(view_features(healthy), view_features(other)).same


def test_blur_and_noise_agree_with_independent_implementations():
    """scikit-image blurs a Sobel's answer, we a difference: the figures differ, the order must not."""
    for name in PHOTOS:
        blurred = [cv2.GaussianBlur(photo(name), (0, 0), sigma) for sigma in (0.6, 1.5, 3, 6, 12)]
        ours = [indicators(luma).blur for luma in blurred]
        small = [cv2.resize(luma, (480, 270), interpolation=cv2.INTER_AREA) for luma in blurred]
        theirs = [skimage.measure.blur_effect(luma, h_size=11) for luma in small]
        assert np.argsort(ours).tolist() == np.argsort(theirs).tolist()
        assert indicators(noisy(photo(name), 4)).noise == pytest.approx(4, rel=0.15)


def test_an_accepted_view_survives_its_file_and_a_broken_one_is_refused():
    luma = noisy(photo("camera"), 1)
    accepted = AcceptedView.of([(luma, None), (noisy(luma, 1), None)])
    back = AcceptedView.from_json(json.loads(json.dumps(accepted.as_json())))
    assert changes(back, luma) == changes(accepted, luma)
    assert ViewChange.CAST not in changes(back, luma)
    for broken in ({**accepted.as_json(), "schema": "x"}, {**accepted.as_json(), "places": "AAAAAAAA"}):
        with pytest.raises((ValueError, KeyError, TypeError)):
            AcceptedView.from_json(broken)


def test_a_view_that_lost_its_colour_shows_no_cast():
    image = cv2.resize(skimage.data.astronaut(), (1280, 720))
    luma, v, u = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb))
    accepted = AcceptedView.of([(luma, (u, v))])
    assert changes(accepted, luma, (u, v))[ViewChange.CAST] == 0.0
    neutral = np.full_like(u, 128)
    assert ViewChange.CAST not in changes(accepted, luma, (neutral, neutral))
    blue = np.full_like(u, 140)
    assert changes(accepted, luma, (blue, neutral))[ViewChange.CAST] > 5


@pytest.mark.parametrize("step", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("width", [1920, 1918])
def test_thinning_out_keeps_the_first_code_of_each_step(step: int, width: int):
    """Whatever the byte order of the machine and the padding of the lines."""
    padded = np.random.default_rng(step).integers(0, 256, (90, width + 5), np.uint8)
    for plane in (padded[:, :width], np.ascontiguousarray(padded[:, :width]), padded[1:, 3 : width + 3]):
        assert np.array_equal(thinned_out(plane, step), plane[::step, ::step])


@pytest.mark.parametrize(
    ("luma", "u", "v", "signal"),
    [
        (16, 128, 128, Signal.BLACK),
        (41, 240, 110, Signal.BLUE),
        (245, 128, 128, Signal.WHITE),
        (128, 128, 128, Signal.FLAT),
    ],
)
def test_a_picture_without_structure_is_no_signal(luma: int, u: int, v: int, signal: Signal):
    plane = np.full((360, 640), luma, np.uint8)
    chroma = (np.full((180, 320), u, np.uint8), np.full((180, 320), v, np.uint8))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert signal_of(indicators(plane, chroma)) is signal


def test_a_dark_scene_is_a_picture():
    assert signal_of(indicators((photo("camera") * 0.15).astype(np.uint8))) is Signal.PRESENT


def test_too_small_a_picture_is_refused():
    with pytest.raises(ValueError, match="60"):
        indicators(np.zeros((20, 20), np.uint8))


def ticking(seconds: float, *, tick: bool = True, still: bool = True) -> list[tuple[float, np.ndarray]]:
    """Pictures at 25 per second of a still scene whose clock at the top left changes each second."""
    scene, draw = photo("coffee"), np.random.default_rng(5)
    made = []
    for number in range(int(seconds * 25)):
        picture = scene.copy() if still else noisy(scene, 1)
        if not still:
            picture[300:400, 300:400] = draw.integers(0, 255)
        cv2.putText(picture, f"{number // 25 if tick else 0:02d}", (20, 40), 0, 1.2, 255, 3)
        made.append((number / 25, picture))
    return made


def test_the_clock_of_the_display_tells_a_still_scene_from_a_frozen_one():
    box = (10, 0, 100, 60)
    alive, frozen = liveness(ticking(5), box), liveness(ticking(5, tick=False), box)
    assert alive.ticks == 4
    assert alive.longest_without_tick_s == pytest.approx(1.0, abs=0.05)
    assert frozen.ticks == 0
    assert frozen.longest_without_tick_s == frozen.longest_still_s == pytest.approx(frozen.watched_s)


def test_a_moving_scene_is_alive_without_a_clock():
    moving = liveness(ticking(2, still=False))
    assert moving.longest_still_s <= 0.05
    assert moving.ticks is None


def test_nothing_watched_says_nothing():
    assert liveness([]).frames == 0


@pytest.mark.parametrize("codes", [2, 3, 256])
@pytest.mark.parametrize(("height", "width"), [(1080, 1920), (1440, 1920), (720, 1280), (1079, 1920)])
def test_the_small_copy_is_that_of_opencv_by_area(height: int, width: int, codes: int):
    padded = np.random.default_rng(height).integers(0, codes, (height, width + 64), dtype=np.uint8)
    luma = padded[:, :width]  # as a decoder gives it
    expected = cv2.resize(luma, (480, round(height * 480 / width)), interpolation=cv2.INTER_AREA)
    assert np.array_equal(_small(luma), expected)


def test_sums_in_whole_numbers_give_the_means_to_the_last_bit():
    luma = np.random.default_rng(5).integers(0, 256, (270, 479), dtype=np.uint8)
    whole = luma[:, :450].astype(np.float32)
    assert np.array_equal(_block_means(luma), cv2.resize(whole, (15, 9), interpolation=cv2.INTER_AREA))
    other = np.roll(luma, 1)[::2, 1::3]
    assert _difference(luma[::2, 1::3], other) == np.mean(cv2.absdiff(luma[::2, 1::3], other))
    steps = np.abs(np.diff(luma.astype(float), axis=1)).mean(axis=0)
    border = np.arange(1, steps.size + 1) % 8 == 0
    across = (steps[border].mean() + 0.1) / (steps[~border].mean() + 0.1)
    assert _blocking(luma) >= across
    assert max(_blocking(luma), _blocking(np.ascontiguousarray(luma.T))) == _blocking(luma)
