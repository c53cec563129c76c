# SPDX-License-Identifier: Apache-2.0
"""What makes a picture look better than it is and used to pass in silence, and healthy pictures beside it.

Words over a field, a glare over several greys, noise that was smoothed, codes cut off at black and white.
The rule of each: the figure is right within its U, or there is none.
"""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.support.judging import requirement
from tests.support.simulated_camera import SIZE, Shot, codes, read
from tests.unit.test_sequence_psnr import REFERENCE, noisy, received
from yanshou.evaluation import image, sequence_psnr
from yanshou.imaging import Frame
from yanshou.imaging.codec import Coding
from yanshou.imaging.dynamic_range import dynamic_range
from yanshou.imaging.grain import grain
from yanshou.metrology import Conditions, judge
from yanshou.model import Limit, Verdict

PLAIN = Shot()
HEALTHY = [
    PLAIN,
    Shot(lamp=0.5),
    Shot(tilt=1.0, lamp=0.2),
    Shot(tone="linear", exposure=0.95),
    Shot(noise=4.0, exposure=0.8),
    Shot(sigma=2.0, noise=2.0, tilt=-0.5),
]


@functools.cache
def figures(shot):
    seen = image.ChartShot("CAM-1", read(shot, count=8), (), {})
    made = (
        image.esfr_mtf50(seen),
        image.horizontal_tvl(seen),
        image.grey_steps(seen),
        image.temporal_snr(seen),
        image.low_light_snr(seen, 5.0),
        image.geometric_distortion(seen),
    )
    return {one.measurand: one for one in made}


def kept(found, usual):
    """The figures that are neither closed nor the usual one within both U."""
    wrong = []
    for name, one in found.items():
        if one.invalid or one.value is None:
            continue
        room = math.hypot(one.U or 0.0, usual[name].U or 0.0)
        if abs(one.value - usual[name].value) > room + 1e-9:
            wrong.append((name, one.value, usual[name].value, room))
    return wrong


@pytest.mark.parametrize("shot", HEALTHY)
def test_no_gate_closes_for_a_healthy_picture(shot):
    found = figures(shot)
    assert {name: one.invalid for name, one in found.items() if one.invalid} == {}
    assert read(shot, count=8).evenness.gates == ()


@pytest.mark.parametrize(
    "text",
    [
        (330, 223, 20, "2026-11-29 04:15:22"),  # over seven greys
        (743, 539, 10, "2026-11-29 04:15:22"),  # over one zone of paper
        (192, 185, 10, "IPC"),  # over the paper beside the greys
        (560, 240, 40, "CAM 01"),
        (600, 380, 28, "2026-11-29 04:15:22"),  # over the square in the middle
        (920, 130, 14, "CAM 01"),  # over the one at the upper right
        (300, 640, 20, "CAM 01"),
    ],
)
def test_words_over_the_chart_leave_a_figure_right_or_close_it(text):
    assert kept(figures(Shot(text=text)), figures(PLAIN)) == []
    even = read(Shot(text=text), count=8).evenness
    assert even.percent is None or even.percent == pytest.approx(read(PLAIN, count=8).evenness.percent, abs=1)


@pytest.mark.parametrize("x", [350, 640, 850, 1000])
@pytest.mark.parametrize("px", [60.0, 120.0, 200.0])
@pytest.mark.parametrize("strength", [0.03, 0.08])
def test_a_glare_over_several_greys_leaves_the_ratio_right_or_closes_it(x, px, strength):
    shot = Shot(glare=(x, 224.0, strength), glare_px=px)
    found = image.temporal_snr(image.ChartShot("CAM-1", read(shot, count=8), (), {}))
    usual = figures(PLAIN)["temporal_snr"]
    if strength >= 0.08:
        assert found.invalid
    elif not found.invalid:
        assert abs(found.value - usual.value) <= math.hypot(found.U, usual.U)


@pytest.mark.parametrize("smooth", [1.0, 1.5, 2.5])
def test_noise_that_was_smoothed_over_the_picture_gives_no_ratio(smooth):
    found = figures(Shot(noise=8.0, smooth=smooth))
    for name in ("temporal_snr", "low_light_snr"):
        assert found[name].value is None
        assert "smoothed" in found[name].invalid


@pytest.mark.parametrize("noise", [1.5, 4.0, 8.0])
def test_noise_behind_a_colour_filter_array_is_no_smoothed_noise(noise):
    """Bilinear demosaicing, as simple as it comes: each colour is drawn from its neighbours."""
    chance, seen = np.random.default_rng(5), []
    for _ in range(8):
        raw = np.clip(100 * (codes(PLAIN) + chance.normal(0, noise, SIZE[::-1])), 0, 65535)
        colour = cv2.cvtColor(np.uint16(np.rint(raw)), cv2.COLOR_BayerBG2BGR) / 100
        seen.append(np.rint(colour @ np.array([0.0722, 0.7152, 0.2126]))[210:240, 500:560])
    found = grain(np.stack(seen), np.ones((30, 60), np.bool_))
    assert found is not None
    assert 1.3 < found.coarse < 1.85
    assert found.gate == ""


@pytest.mark.parametrize(("new", "closed"), [(1.0, False), (0.5, True), (0.2, True)])
def test_noise_that_was_averaged_over_pictures_gives_no_ratio(new, closed):
    """Each picture is a part ``new`` of itself and the rest of the one before."""
    chance, last, seen = np.random.default_rng(6), None, []
    for _ in range(40):
        fresh = 120 + chance.normal(0, 6, (40, 60))
        last = fresh if last is None else new * fresh + (1 - new) * last
        seen.append(np.rint(last))
    found = grain(np.stack(seen[-10:]), np.ones((40, 60), np.bool_))
    assert found is not None
    assert bool(found.gate) is closed


def test_a_range_from_smoothed_noise_is_none():
    """Twelve steps from light to dark; the same light with white noise has a range."""
    densities = [0.15 * n for n in range(12)]
    chance = np.random.default_rng(7)

    def found(smooth):
        frames = []
        for _ in range(10):
            steps = [np.full((60, 40), 230 * 10**-one) for one in densities]
            noise = chance.normal(0, 5, (60, 40 * len(steps)))
            code = np.hstack(steps) + (3 * cv2.GaussianBlur(noise, (0, 0), smooth) if smooth else noise)
            frames.append(Frame(np.uint8(np.clip(np.rint(code), 0, 255))))
        rois = [(40 * n + 6, 6, 28, 48) for n in range(len(densities))]
        return dynamic_range(frames, rois, densities, coding=Coding(), known=True)

    assert found(0.0).gates == ()
    assert "smoothed" in found(1.5).gates[0]


@pytest.mark.parametrize(("gain", "hidden"), [(1.0, False), (2.5, True)])
def test_a_reference_whose_codes_are_cut_off_gives_the_most_the_ratio_can_be(gain, hidden):
    """Noise over codes at black or white is half cut off: of the same noise less is seen."""
    low, high = REFERENCE.range

    def hard(luma):
        share = (luma.astype(float) - low) / (high - low)
        return np.uint8(np.rint(low + (high - low) * np.clip(0.5 + gain * (share - 0.5), 0, 1)))

    reference = replace(REFERENCE, pictures=[hard(one) for one in REFERENCE.pictures])

    def sent(luma, number):
        share = np.clip(0.5 + gain * (luma / 255 - 0.5), 0, 1)
        return noisy(5.0)(np.rint(255 * share), number)

    found = sequence_psnr("E", received(spoil=sent), reference)
    assert (found.at_most is not None) is hidden
    met, missed = (requirement(Limit("dB", min=found.value + one), measurand="psnr") for one in (-3, 3))
    conditions = Conditions(device="E")
    assert judge(found, met, conditions).verdict is (Verdict.NOT_TESTED if hidden else Verdict.CONFORM)
    assert judge(found, missed, conditions).verdict is Verdict.NON_CONFORM
