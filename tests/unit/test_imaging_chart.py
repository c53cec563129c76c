# SPDX-License-Identifier: Apache-2.0
"""The test chart in a picture: found, measured, gated; private copies of pictures; one OpenCV.

The pictures are the emulated camera's: a drawing that shares no code with what measures it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.chart_pictures import CERTIFICATE, frames, reading
from tests.support.slanted_edge import true_mtf50
from yanshou.emulation.video.chart import Optics
from yanshou.imaging import (
    Frame,
    check_opencv,
    find_chart,
    installation,
    layout,
    pixelate,
    read_chart,
    thumbnail,
)
from yanshou.imaging.grey import reflectance
from yanshou.model import RigFault, UsageError


@pytest.fixture(scope="module")
def sound():
    return reading()


@pytest.mark.parametrize("blur", [0.0, 0.8, 2.0])
def test_mtf50_of_the_chart(blur):
    found = reading(Optics(blur_px=blur), count=2).mtf50
    truth = true_mtf50(5, math.hypot(0.6, blur))
    assert found.gates == ()
    assert len(found.raw) == 20
    assert found.value == pytest.approx(truth, rel=0.01)
    assert abs(found.value - truth) <= found.U
    assert found.U == pytest.approx(found.k * math.sqrt(sum(part.u**2 for part in found.budget)))


def test_limiting_resolution_follows_the_closed_form():
    """Lines per picture height at a tenth of the contrast; never more than the picture has rows."""
    soft = reading(Optics(blur_px=1.2), count=2).lines("centre")
    sigma = math.hypot(0.6, 1.2)
    f = np.linspace(0.1, 0.5, 4000)
    mtf = np.exp(-2 * np.pi**2 * sigma**2 * f**2) * np.sinc(f * math.cos(math.radians(5)))
    assert soft.value == pytest.approx(2 * 720 * f[np.argmax(mtf < 0.1)], rel=0.02)
    assert reading(count=2).lines("centre").value <= 720


def test_the_grey_scale_is_counted_and_gives_the_tone_curve(sound):
    assert (sound.greys.steps, sound.greys.gates) == (11, ())
    light = sound.light(np.array([sound.greys.patches[4].mean]), sound.frames[0])
    assert light[0] == pytest.approx(255 * 0.88 * reflectance(layout.GREY_LIGHTNESS[4]), rel=0.01)


@pytest.mark.parametrize(("crush", "steps"), [(0.1, 10), (0.3, 8), (0.5, 6)])
def test_crushed_shadows_lose_steps(crush, steps):
    assert reading(Optics(crush=crush), count=2).greys.steps == pytest.approx(steps, abs=1)


@pytest.mark.parametrize("noise", [1.0, 3.0])
def test_noise_is_that_which_was_put_in(noise):
    found = reading(noise=noise).snr()
    assert found.temporal == pytest.approx(noise, rel=0.05)
    assert found.fixed < 0.3 * noise
    assert found.video_db == pytest.approx(20 * math.log10(255 / noise), abs=0.4)
    reflected, step = 0.13 * 0.98**2.2 / 0.9, 1e-4
    slope = (sound_code(reflected + step) - sound_code(reflected - step)) / (2 * step)
    assert found.iso_db == pytest.approx(20 * math.log10(reflected * slope / noise), abs=0.5)


def sound_code(reflected: float) -> float:
    share = 0.9 * reflected
    return 255 * (1.055 * share ** (1 / 2.4) - 0.055)


def test_the_three_ratios_differ_and_are_told_apart(sound):
    found = sound.snr()
    assert found.video_db > found.field_db > found.iso_db


def test_white_balance_and_colour(sound):
    assert sound.colours.matched.mean() < 0.6
    assert sound.colours.white_balance < 0.2
    yuv = frames(count=1)[0]
    blue = replace(yuv, chroma=(yuv.chroma[0] + np.uint8(8), yuv.chroma[1]))
    found, _ = read_chart([blue], CERTIFICATE)
    assert found.colours.cast[1] < -4
    assert found.colours.white_balance > 4


@pytest.mark.parametrize("percent", [-8.0, -2.0, 0.0, 3.0])
def test_distortion_of_the_lens(percent):
    found = reading(Optics(distortion=percent / 100), count=1).distortion
    truth = percent * math.hypot(1280, 720) / 2 / 720
    assert found.percent == pytest.approx(truth, abs=0.25)
    assert found.rms_px < 0.1


def test_pixels_per_metre_do_not_feel_the_lens():
    for percent in (0.0, -5.0):
        density = reading(Optics(distortion=percent / 100), count=1).density
        assert density.value == pytest.approx(1000 * 720 * 0.96 / 297, rel=0.001)
        assert (density.dori, density.oodpcvs) == ("inspect", "scrutinise")


def test_evenness_sees_a_vignette(sound):
    assert sound.evenness.percent > 99
    assert reading(Optics(vignette=0.3), count=1).evenness.percent == pytest.approx(87, abs=4)


def test_repeating_one_picture_does_not_fake_precision():
    one = frames(count=1)
    once, often = (read_chart(one * times, CERTIFICATE)[0] for times in (1, 9))
    assert len(often.frames) == 1
    assert often.mtf50.U == once.mtf50.U
    assert often.snr().iso_db is None
    assert "pictures" in often.snr().gates[0]


def test_more_compression_means_more_uncertainty_and_then_none():
    one = frames(count=2)
    found = [read_chart([replace(frame, qp=qp) for frame in one])[0] for qp in (18, 22, 27, None, 31)]
    widths = [each.mtf50.U for each in found[:4]]
    assert all(a < b for a, b in pairwise(widths[:3]))
    assert widths[3] == pytest.approx(widths[2], rel=0.01)
    assert found[3].mtf50.notes
    assert found[4].mtf50.value is None
    assert "quantiser" in found[4].mtf50.gates[0]
    assert all(each.snr().iso_db is None for each in found[1:])


def test_a_quantiser_of_slices_is_trusted_less_and_too_few_bits_not_at_all():
    one = frames(count=2)

    def read(**changes):
        return read_chart([replace(frame, **changes) for frame in one])[0]

    whole, slices = read(qp=18), read(qp=18, qp_exact=False)
    assert slices.mtf50.U > 1.3 * whole.mtf50.U
    assert "slices" in slices.mtf50.notes[-1]
    assert read(qp=31, qp_exact=False).mtf50.value is None
    assert any("slices" in gate for gate in slices.snr().gates)
    assert read(qp=None, bits_per_pixel=0.6).mtf50.value
    few = read(qp=None, bits_per_pixel=0.07)
    assert few.mtf50.value is None
    assert "bits per pixel" in few.mtf50.gates[0]
    assert few.lines("centre").value is None


def test_a_sharpened_picture_has_no_resolution():
    found = reading(Optics(sharpen=1.0), count=1).mtf50
    assert found.value is None
    assert any("sharpened" in gate for gate in found.gates)


# --- charts as they come


def warped(luma, change, border=117):
    height, width = luma.shape
    square = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(square, np.float32(square + np.float32(change)))
    return cv2.warpPerspective(luma, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=border)


def one_luma() -> np.ndarray:
    return frames(count=1)[0].luma


def test_seen_at_an_angle():
    tilted = warped(one_luma(), [[60, 30], [-10, 5], [-60, -25], [15, -10]])
    found, gates = read_chart([Frame(tilted)])
    assert gates == ()
    assert found.view.residual_px < 0.3
    assert sum(not edge.result.gates for edge in found.edges) >= 16


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_upside_down_and_lying(turns):
    """The chart is read as it hangs; what is horizontal is so in the picture, not on the chart."""
    found, gates = read_chart([Frame(np.ascontiguousarray(np.rot90(one_luma(), turns)))], CERTIFICATE)
    assert gates == ()
    assert any("turned" in note for note in found.view.notes)
    assert found.greys.steps == 11
    assert found.mtf50.value == pytest.approx(true_mtf50(5, 0.6), rel=0.02)
    upright = [edge.roi.side for edge in found.edges if edge.result.horizontal]
    assert set(upright) == ({"left", "right"} if turns == 2 else {"top", "bottom"})


def test_cut_off_by_the_picture():
    """Two markers and two squares are out: sharpness of the rest is told, the greys are not."""
    cut = np.roll(one_luma(), 330, axis=1)
    cut[:, :330] = 117
    found, gates = read_chart([Frame(cut)], CERTIFICATE)
    assert gates == ()
    assert any("cut off" in note for note in found.view.notes)
    assert 8 <= len(found.mtf50.raw) < 20
    assert found.greys.steps is None
    assert any("outside" in gate for gate in found.greys.gates)


def test_too_small():
    luma = np.full((720, 1280), 117, np.uint8)
    luma[200:380, 300:620] = cv2.resize(one_luma(), (320, 180), interpolation=cv2.INTER_AREA)
    found, gates = read_chart([Frame(luma)])
    assert found is None
    assert any("not found" in gate or "wide" in gate for gate in gates)


def test_two_charts():
    half = cv2.resize(one_luma(), (960, 540), interpolation=cv2.INTER_AREA)
    found, gates = read_chart([Frame(np.hstack([half, half]))])
    assert found is None
    assert "more than one" in gates[0]


def test_a_gloss_on_the_greys():
    shiny = frames(count=2)
    for frame in shiny:
        cv2.circle(frame.luma, (640, 225), 14, 255, -1)
    found, _ = read_chart(shiny, CERTIFICATE)
    assert found.greys.steps is None
    assert any("gloss" in gate for gate in found.greys.gates)
    assert found.mtf50.value is not None


def test_a_wrong_range_is_noticed():
    limited = [replace(frame, black=16.0, white=235.0) for frame in frames(Optics(crush=0.3), count=1)]
    found, gates = read_chart(limited)
    assert found is None
    assert "limited range" in gates[0]


def test_an_overexposed_chart_is_clipped():
    hot = [
        replace(one, luma=np.clip(one.luma.astype(int) * 2, 0, 255).astype(np.uint8))
        for one in frames(count=1)
    ]
    found, _ = read_chart(hot)
    assert found.mtf50.value is None
    assert any("clipped" in gate for gate in found.mtf50.gates)


def test_sixteen_bits():
    deep = [
        replace(one, luma=one.luma.astype(np.uint16) * 257, white=65535.0, chroma=None)
        for one in frames(count=1)
    ]
    found, gates = read_chart(deep)
    assert gates == ()
    assert found.mtf50.value == pytest.approx(true_mtf50(5, 0.6), rel=0.01)
    assert "no colour" in found.colours.gates[0]


@pytest.mark.parametrize(("saturation", "answered"), [(0.0, False), (0.1, False), (0.5, True), (1.4, True)])
def test_a_cast_is_told_only_of_a_picture_with_colour(saturation, answered):
    """A camera in its night mode sends chroma planes in which every grey is neutral."""
    blue = [
        replace(
            one,
            chroma=tuple(
                np.clip(np.rint(128 + saturation * (plane.astype(float) + off - 128)), 0, 255).astype(
                    np.uint8
                )
                for plane, off in zip(one.chroma, (12.0, 0.0), strict=True)
            ),
        )
        for one in frames(count=2)
    ]
    found = read_chart(blue, CERTIFICATE)[0].colours
    assert (found.white_balance is not None) == answered
    assert any("hardly any colour" in gate for gate in found.gates) != answered
    if answered:
        assert found.white_balance > 5


def recoloured(gain: tuple[float, float, float], floor: float, ceiling: float) -> list[Frame]:
    """Key frames whose R, G and B are multiplied each by its own and end at ``floor`` and ``ceiling``."""
    made = []
    for one in frames(count=2):
        u, v = (
            cv2.resize(plane, one.luma.shape[::-1], interpolation=cv2.INTER_NEAREST).astype(float) - 128
            for plane in one.chroma
        )
        y = one.luma.astype(float)
        red, blue = y + 1.5748 * v, y + 1.8556 * u
        rgb = np.stack((red, (y - 0.2126 * red - 0.0722 * blue) / 0.7152, blue), axis=-1)
        rgb = np.clip(rgb * gain, floor, ceiling)
        y = rgb @ (0.2126, 0.7152, 0.0722)
        planes = [
            np.clip(np.rint(128 + (rgb[::2, ::2, at] - y[::2, ::2]) / by), 0, 255).astype(np.uint8)
            for at, by in ((2, 1.8556), (0, 1.5748))
        ]
        luma = np.clip(np.rint(y), 0, 255).astype(np.uint8)
        made.append(replace(one, luma=luma, chroma=(planes[0], planes[1])))
    return made


@pytest.mark.parametrize(
    ("gain", "floor", "ceiling", "cut"),
    [
        ((1.08, 1.0, 0.92), 0, 255, ""),
        ((1.35, 1.0, 0.8), 0, 255, "R"),  # at white
        ((0.8, 0.8, 1.0), 0, 190, "B"),  # below full scale
        ((1.0, 1.0, 0.5), 60, 255, "B"),  # above black
    ],
)
def test_a_colour_that_is_cut_off_gives_no_white_balance(gain, floor, ceiling, cut):
    """The cast of the light goes on where one of R, G, B does not: what is left of it looks neutral."""
    found = read_chart(recoloured(gain, floor, ceiling), CERTIFICATE)[0].colours
    assert (found.white_balance is None) == bool(cut)
    assert any(gate.startswith(f"中灰色块的 {cut} 分量") for gate in found.gates) == bool(cut)
    if not cut:
        assert found.white_balance > 4


def test_a_light_that_changes_its_colour_over_the_sheet_is_known_by_its_paper():
    """Red grows by 8 % from left to right, blue shrinks: half of what that makes over the sheet is told."""
    slope = np.linspace(-0.04, 0.04, 1280)[None, :, None]
    light = np.dstack((1 + slope, np.ones_like(slope), 1 - slope)) ** 0.45  # codes for parts of the light
    found, even, left, middle, right = (
        read_chart(recoloured(one, 0, 255), CERTIFICATE)[0].colours
        for one in (light, (1.0, 1.0, 1.0), light[:, 150], light[:, 640], light[:, 1130])
    )
    assert even.light_apart < 0.4
    assert found.gates == ()
    assert math.dist(found.cast, middle.cast) < found.light_apart
    assert found.light_apart == pytest.approx(math.dist(left.cast, right.cast) / 2, rel=0.25)
    assert found.light_apart > 1.0


def test_no_chart_no_figure():
    assert find_chart(np.full((480, 640), 128, np.uint8)).view is None
    assert read_chart([])[1]
    covered = one_luma()
    covered[:, 300:] = 128
    assert "markers" in read_chart([Frame(covered)])[1][0]


def test_pixelate_leaves_blocks_only():
    image = np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    coarse = pixelate(image, 16)
    assert coarse.shape == image.shape
    assert len(np.unique(coarse.reshape(-1, 3), axis=0)) <= 16 * 12


def test_thumbnail_is_small_coarse_and_refuses_garbage():
    done, jpeg = cv2.imencode(".jpg", one_luma())
    assert done
    small = cv2.imdecode(np.frombuffer(thumbnail(jpeg.tobytes()), np.uint8), cv2.IMREAD_COLOR)
    assert small.shape[1] == 320
    for garbage in (b"", b"\xff\xd8 no picture", jpeg.tobytes()[:200]):
        with pytest.raises(RigFault):
            thumbnail(garbage)


def test_exactly_one_opencv(monkeypatch):
    assert check_opencv().startswith("opencv-python ")
    both = {"opencv-python": "5", "opencv-python-headless": "4"}
    monkeypatch.setattr(installation, "opencv_installed", lambda: both)
    with pytest.raises(UsageError, match="2 distributions"):
        check_opencv()


def test_no_run_begins_with_two_opencv_distributions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from yanshou.fixtures.prepare import prepare

    both = {"opencv-python": "5.0.0.93", "opencv-python-headless": "5.0.0.93"}
    monkeypatch.setattr(installation, "opencv_installed", lambda: both)
    with pytest.raises(UsageError, match="2 distributions"):
        prepare(tmp_path, tmp_path / "run")
