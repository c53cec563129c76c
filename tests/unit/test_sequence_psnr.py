# SPDX-License-Identifier: Apache-2.0
"""PSNR of an encoder that plays the reference sequence: against truth, and what must not become a figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yanshou.emulation.video.played import played
from yanshou.equipment.reference import read_reference
from yanshou.evaluation import sequence_psnr
from yanshou.imaging.reference import own_reference
from yanshou.imaging.sequence import picture
from yanshou.model import Instant, UsageError
from yanshou.model.stream import FrameStamp, StreamCapture

SIZE = (320, 192)
GOP = 5
REFERENCE = own_reference(*SIZE)
RNG = np.random.default_rng(3)


def received(count=41, spoil=lambda luma, number: luma, start=7, full=True):
    """A stream of the player's pictures, key frames every five; full range as the emulated encoder sends."""
    luma = [spoil(played(*SIZE, (start + n) % 50), n) for n in range(count)]
    stamps = [FrameStamp(3600 * n, n / 25, n % GOP == 0, 1000, complete=True) for n in range(count)]
    ends = Instant(0.0, count / 25)
    return StreamCapture(
        "h264", *SIZE, 90000, stamps, list(enumerate(luma)), 1000, 0, ends, ends, full_range=full
    )


def noisy(sigma):
    def add(luma, _):
        return np.clip(np.rint(luma + RNG.normal(0, sigma, luma.shape)), 0, 255).astype(np.uint8)

    return add


def test_the_player_and_the_reference_are_the_same_sequence():
    """Two implementations of the formula: the player's is full range."""
    for number in (0, 13, 49):
        limited = picture(640, 360, number).astype(float)
        assert np.abs(np.rint((limited - 16) * 255 / 219) - played(640, 360, number)).max() <= 1
    assert len({picture(*SIZE, n).tobytes() for n in range(50)}) == 50


@pytest.mark.parametrize("sigma", [2.0, 5.0, 9.0])
def test_noise_of_known_strength(sigma):
    """In the codes of the reference (limited range) the noise is 219/255 of what was added."""
    found = sequence_psnr("E", received(spoil=noisy(sigma)), REFERENCE)
    error = (sigma * 219 / 255) ** 2 + (219 / 255) ** 2 / 12
    assert found.value == pytest.approx(10 * np.log10(255**2 / error), abs=0.15)
    assert found.n == 8
    assert not found.invalid
    assert found.U is not None
    assert abs(found.value - 10 * np.log10(255**2 / error)) < found.U + 0.1
    assert found.details["aligned"][:3] == [7, 8, 9]
    assert any("机构自编" in one for one in found.deviations)


def test_an_undisturbed_stream_is_bounded_by_its_codes():
    found = sequence_psnr("E", received(), REFERENCE)
    assert 50 < found.value < 62


def test_what_must_not_become_a_figure():
    still = sequence_psnr("E", received(spoil=lambda luma, _: played(*SIZE, 3)), REFERENCE)
    assert "1 groups" in still.invalid
    other = sequence_psnr("E", received(spoil=lambda luma, _: 255 - luma), REFERENCE)
    assert other.value is None
    assert other.invalid
    empty = replace(received(), pictures=[], stopped_early="断流")
    assert sequence_psnr("E", empty, REFERENCE).invalid == "断流"
    back = sequence_psnr("E", received(spoil=lambda luma, n: played(*SIZE, 49 - n)), REFERENCE)
    assert "order" in back.invalid
    smaller = sequence_psnr("E", received(), own_reference(160, 96))
    assert "320 x 192" in smaller.invalid


def test_a_stated_limited_range_that_is_full_costs_dearly():
    """A lie about the range is an error of the path: it cannot raise the figure."""
    assert sequence_psnr("E", received(full=False), REFERENCE).value < 32


def test_a_reference_that_is_none(tmp_path):
    path = tmp_path / "ref.mkv"
    for data in (None, b"", b"no clip"):
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(UsageError, match=r"ref\.mkv"):
            read_reference(path)
