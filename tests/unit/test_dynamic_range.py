# SPDX-License-Identifier: Apache-2.0
"""Dynamic range off a step target against the closed form of a power law with noise."""

from __future__ import annotations

import json
import math

import cv2
import numpy as np
import pytest

from yanshou.cli.main import main
from yanshou.imaging import Frame
from yanshou.imaging.codec import Coding
from yanshou.imaging.dynamic_range import dynamic_range

GAMMA = 2.2
STEPS = 32
PIXELS = 40
DENSITIES = [round(0.05 + 0.15 * n, 2) for n in range(STEPS)]
ROIS = [(PIXELS * n + 4, 4, PIXELS - 8, PIXELS - 8) for n in range(STEPS)]


def pictures(noise, *, exposure=1.6, count=8, steps=STEPS):
    rng = np.random.default_rng(4)
    light = exposure * 10.0 ** -np.array(DENSITIES[:steps])
    row = np.repeat(255 * np.minimum(light, 1.2) ** (1 / GAMMA), PIXELS)
    field = np.broadcast_to(row, (PIXELS, row.size))
    return [
        np.clip(np.rint(field + 8 + rng.normal(0, noise, field.shape)), 0, 255).astype(np.uint8)
        for _ in range(count)
    ]  # a pedestal of 8 codes keeps the noise of the dark steps whole


def truth(noise):
    """L dC/dL = 255/γ L^(1/γ) equals the noise; clipping where 255 L^(1/γ) + 8 reaches 98 %."""
    floor = (noise * GAMMA / 255) ** GAMMA
    return 20 * math.log10(((0.98 * 255 - 8) / 255) ** GAMMA / floor)


def found(noise, **more):
    steps = more.get("steps", STEPS)
    frames = [Frame(one) for one in pictures(noise, **more)]
    return dynamic_range(frames, ROIS[:steps], DENSITIES[:steps], coding=Coding(), known=True)


@pytest.mark.parametrize("noise", [1.5, 3.0, 6.0])
def test_a_known_camera(noise):
    made = found(noise)
    assert made.db == pytest.approx(truth(noise), abs=2 * made.u_db)
    assert 0.3 < made.u_db < 0.9
    assert not made.at_least
    assert not made.gates


def test_more_noise_is_less_range():
    assert found(1.5).db > found(3.0).db + 6 > found(6.0).db + 12


def test_what_the_target_does_not_show_is_a_lower_bound():
    short = found(1.5, steps=12)
    assert short.at_least
    assert short.db < truth(1.5)
    assert found(3.0, exposure=0.5).at_least


def test_no_figure_without_repeats_steps_or_a_fair_codec():
    assert "pictures" in found(3.0, count=4).gates[0]
    frames = [Frame(one) for one in pictures(3.0)]
    coarse = dynamic_range(frames, ROIS, DENSITIES, coding=Coding(qp=27), known=False)
    assert coarse.db is None
    assert "quantiser" in coarse.gates[0]
    assert dynamic_range(frames, ROIS, DENSITIES[1:], coding=Coding(), known=True).gates
    assert dynamic_range(frames, ROIS, DENSITIES[::-1], coding=Coding(), known=True).gates
    wdr = [ROIS[n] for n in (0, 1, 2, 3, 9, 8, 7, 6)]
    assert "monotone" in dynamic_range(frames, wdr, DENSITIES[:8], coding=Coding(), known=True).gates[0]


def test_from_the_shell(tmp_path, capsys):
    names = []
    for number, one in enumerate(pictures(3.0)):
        names.append(str(tmp_path / f"{number}.png"))
        cv2.imwrite(names[-1], one)
    arguments = [word for roi in ROIS for word in ("--roi", ",".join(map(str, roi)))]
    densities = ",".join(map(str, DENSITIES))
    assert main(["measure", "range", *names, *arguments, "--densities", densities, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["dynamic_range_db"] == pytest.approx(truth(3.0), abs=1.5)
    assert main(["measure", "range", *names, *arguments, "--densities", "a,b"]) == 2
    assert "densities" in capsys.readouterr().err
