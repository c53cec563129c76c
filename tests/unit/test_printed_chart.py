# SPDX-License-Identifier: Apache-2.0
"""The sheet that ``yanshou chart`` prints, photographed by a simulated camera, against what is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.support.lens_edges import response
from tests.support.simulated_camera import BARE, CERTIFICATE, DPI, Shot, page, read
from tests.support.slanted_edge import true_mtf50
from yanshou.evaluation import image
from yanshou.imaging import Certificate, layout
from yanshou.model import Measurement


def measured(shot: Shot, **named):
    found = image.ChartShot("CAM-1", read(shot, **named), (), {})
    return image.esfr_mtf50(found), image.horizontal_tvl(found)


def truth(sigma: float) -> float:
    return true_mtf50(5, math.hypot(sigma, 0))


def test_no_word_stands_where_an_edge_is_measured():
    """All that lies 13 mm beside the middle 34 mm of an edge is the paper or the square."""
    scale = DPI / 25.4
    for name, (x, y) in layout.SQUARES.items():
        turn = math.radians(layout.TURN_DEG)
        for quarter in range(4):
            out = np.array([math.cos(turn + quarter * math.pi / 2), math.sin(turn + quarter * math.pi / 2)])
            along = np.array([-out[1], out[0]])
            for beside in np.linspace(1.5, 13.5, 30):
                for way in np.linspace(-18, 18, 60):
                    column, row = (np.array([x, y]) + out * (24 + beside) + along * way) * scale
                    assert page()[int(row), int(column)] == pytest.approx(BARE, abs=0.01), (name, quarter)


@pytest.mark.parametrize(
    "shot",
    [
        Shot(),
        Shot(sigma=1.8, lamp=0.3, tilt=1.0),
        Shot(sigma=0.7, tone="linear"),
        Shot(sigma=1.2, noise=3.0, exposure=0.7),
        Shot(sigma=1.0, jpeg=97, tilt=-0.5),
    ],
    ids=["plain", "tilted and uneven", "linear", "noisy", "jpeg"],
)
def test_a_photograph_of_the_sheet_gives_what_the_lens_resolves(shot):
    mtf50, lines = measured(shot)
    assert mtf50.invalid == lines.invalid == ""
    assert len(mtf50.raw) >= 18
    assert abs(mtf50.value - truth(shot.sigma)) <= mtf50.U
    assert mtf50.value == pytest.approx(truth(shot.sigma), rel=0.03)


@pytest.mark.parametrize("tone", ["clipped", "knee", "s"])
def test_a_white_below_full_scale_gives_no_resolution(tone):
    for one in measured(Shot(tone=tone, sigma=2.0)):
        assert one.invalid


@pytest.mark.parametrize(("after", "word"), [("sharpened", "锐化"), ("comb", "奇偶行"), ("ghost", "重影")])
def test_what_no_blur_does_closes_a_gate(after, word):
    for one in measured(Shot(after=after)):
        assert word in one.invalid
        assert one.value is None


def test_a_certificate_without_the_paper_says_nothing_of_the_edges():
    old = Certificate(CERTIFICATE.densities)
    for one in measured(Shot(), certificate=old):
        assert "paper_density" in one.invalid
    assert image.grey_steps(image.ChartShot("CAM-1", read(Shot(), certificate=old), (), {})).invalid == ""


def test_a_glare_over_some_edges_takes_them_out():
    """A lamp mirrored on an edge of the upper right square: that edge is not used, the others are right."""
    mtf50, _ = measured(Shot(glare=(905.0, 95.0, 0.25)))
    assert mtf50.invalid == ""
    assert len(mtf50.raw) < 20
    assert any("反光" in note for note in mtf50.details["notes"])
    assert abs(mtf50.value - truth(1.0)) <= mtf50.U


def test_a_part_that_is_covered_is_left_out():
    mtf50, _ = measured(Shot(covered=True))
    assert mtf50.invalid == ""
    assert len(mtf50.raw) <= 16
    assert abs(mtf50.value - truth(1.0)) <= mtf50.U


def test_what_is_called_bare_paper_is_bare():
    scale = DPI / 25.4
    for box in layout.BARE:
        rows, columns = (
            slice(round(low * scale), round((low + size) * scale))
            for low, size in ((box.y, box.h), (box.x, box.w))
        )
        assert np.mean(np.abs(page()[rows, columns] - BARE) < 0.01) > 0.98, box


def _figures(shot: Shot) -> dict[str, Measurement]:
    seen = image.ChartShot("CAM-1", read(shot, count=8), (), {})
    made = (image.esfr_mtf50, image.horizontal_tvl, image.temporal_snr, image.grey_steps)
    return {one.measurand: one for one in (measure(seen) for measure in made)}


@pytest.mark.parametrize("bands", [(0.03, 8.0), (0.05, 1.5), (0.1, 3.3), (0.1, 1.0)])
def test_bands_of_light_give_no_resolution_and_no_ratio(bands):
    """At 0.1 and 3.3 periods 473 lines read 595: the paper lies in other rows than the greys beside it."""
    found = _figures(Shot(bands=bands, exposure=0.75))
    assert all(
        "频闪" in found[name].invalid for name in ("esfr_mtf50", "horizontal_resolution_tvl", "temporal_snr")
    )
    assert (found["grey_steps"].value, found["grey_steps"].invalid) == (11, "")


@pytest.mark.parametrize("lamp", [0.0, 0.5])
def test_bands_that_hardly_show_and_uneven_lamps_close_nothing(lamp):
    found = _figures(Shot(bands=(0.004, 3.3), lamp=lamp, exposure=0.9))
    assert all(one.invalid == "" for one in found.values())
    assert abs(found["esfr_mtf50"].value - truth(1.0)) <= found["esfr_mtf50"].U


def test_bands_that_move_are_no_noise_of_the_camera():
    found = _figures(Shot(bands=(0.3, 3.3), bands_move=True, exposure=0.7))
    assert all("频闪" in one.invalid for one in found.values())


def test_a_light_that_is_not_quite_steady_widens_the_ratio():
    """Noise of 1.6 codes everywhere: bands of 1.2 % add to it in time, and U holds that."""
    moving = _figures(Shot(bands=(0.012, 3.3), bands_move=True, exposure=0.8, noise=1.6))["temporal_snr"]
    steady = _figures(Shot(exposure=0.8, noise=1.6))["temporal_snr"]
    assert moving.invalid == ""
    assert moving.U > steady.U
    assert abs(moving.value - 20 * math.log10(255 * 0.45 * 0.13**0.45 / 1.6)) <= moving.U


@pytest.mark.parametrize("exposure", [0.65, 0.8, 0.95])
def test_the_ratio_of_iso_15739_does_not_depend_on_the_exposure(exposure):
    """The noise is one code everywhere; the light that saturates is 1, and 13 % of it gives one ratio."""
    found = read(Shot(exposure=exposure), count=8).snr()
    slope = 255 * 0.45 * 0.13**0.45
    assert found.iso_db == pytest.approx(20 * math.log10(slope), abs=0.6)


def test_a_dark_chart_does_not_tell_the_light_that_saturates():
    found = read(Shot(exposure=0.3), count=8).snr()
    assert found.iso_db is None
    assert "saturates" in found.iso_gate


@pytest.mark.parametrize("exposure", [0.95, 1.1])
def test_a_knee_does_not_tell_the_light_that_saturates(exposure):
    """Light 1 saturates at 85 % of full scale; drawn on to full scale it would be several times as much."""
    found = read(Shot(exposure=exposure, tone="soft knee"), count=8).snr()
    assert found.iso_db is None
    assert "knee" in found.iso_gate


def test_contrast_up_to_the_last_sample_is_a_bound():
    _, lines = measured(Shot(sigma=0.4))
    assert lines.at_least == lines.value
    assert lines.value <= 720


def test_a_middle_beyond_the_samples_does_not_flatter_the_corners():
    """The middle of a sharp lens would resolve 0.6 cycles per px, which the picture cuts off at 0.5."""
    found = read(Shot(sigma=0.4)).lines("centre", uncut=True)
    assert found.value > 1.1 * 720
    assert not found.at_least


@pytest.mark.parametrize("seed", range(5))
def test_U_holds_the_truth_of_random_photographs(seed):
    """Blur, light, tilt, lamp, noise and tone drawn at random; each truth is worked out in closed form."""
    chance = np.random.default_rng(seed)
    shot = Shot(
        sigma=chance.uniform(0.7, 2.2), exposure=chance.uniform(0.7, 0.97), tilt=chance.uniform(-1, 1),
        lamp=chance.uniform(0, 0.4), noise=chance.uniform(0.8, 5), tone=chance.choice(["gamma", "linear"]),
    )  # fmt: skip
    seen = image.ChartShot("CAM-1", read(shot, count=8, seed=seed), (), {})
    frequency = np.linspace(1e-3, 0.8, 4000)
    tenth = frequency[np.argmax(response("gauss", shot.sigma, 5.0, frequency) < 0.1)]
    rise = 0.45 if shot.tone == "gamma" else 1.0
    truths = (
        (image.esfr_mtf50(seen), truth(shot.sigma)),
        (image.horizontal_tvl(seen), 2 * 720 * min(tenth, 0.5)),
        (image.temporal_snr(seen), 20 * math.log10(255 * rise * 0.13**rise / shot.noise)),
        (image.geometric_distortion(seen), 0.0),
    )
    judged = [(one, true) for one, true in truths if not one.invalid]
    assert len(judged) >= 3
    for one, true in judged:
        assert abs(one.value - true) <= one.U, one.measurand
