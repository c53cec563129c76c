# SPDX-License-Identifier: Apache-2.0
"""Pictures that tell the time, and what spoils pictures: the emulated camera does what its script says."""

from __future__ import annotations

import itertools

import av
import numpy as np
import pytest

from yanshou.emulation.video.live import LivePictures, parameter_sets
from yanshou.emulation.video.osd import OsdStyle
from yanshou.emulation.video.scene import Scene
from yanshou.emulation.video.spoil import SIGNALS, Spoil
from yanshou.imaging.own_size import Holds, own_size

HALF_PAST_FOUR = 1795595412.0  # 2026-11-25T16:30:12+08:00
SCENE = Scene("CAM-2", with_chart=False)


def luma(spoil: Spoil, number: int = 0) -> np.ndarray:
    scene = Scene("CAM-2", with_chart=False, spoil=spoil)
    return scene.animate(scene.still(), number)[:720].astype(float)


def test_a_live_stream_decodes_and_its_picture_tells_the_second():
    live, sets = LivePictures(SCENE, OsdStyle("走廊 02", "Asia/Shanghai")), parameter_sets(SCENE)
    decoder = av.CodecContext.create("h264", "r")
    pictures = []
    for number in range(30):
        frame = live.coded(number, HALF_PAST_FOUR + number / 25)
        assert frame.intra == (number % 25 == 0)
        units = (sets.sps, sets.pps, *frame.nals) if frame.intra else frame.nals
        pictures += decoder.decode(av.Packet(b"".join(b"\0\0\0\1" + unit for unit in units)))
    assert len(pictures) == 30
    clock = [picture.to_ndarray(format="gray")[20:60, 38:460].astype(float) for picture in pictures]
    steps = [np.abs(after - before).mean() for before, after in itertools.pairwise(clock)]
    assert int(np.argmax(steps)) == 24  # the second changes with picture 25
    assert steps[24] > 4 * sorted(steps)[-2]


def test_a_clock_that_stands_and_one_that_is_ahead():
    shown = OsdStyle("", "Asia/Shanghai")
    ahead, stands = (
        OsdStyle("", "Asia/Shanghai", ahead=60.0),
        OsdStyle("", "Asia/Shanghai", stands=HALF_PAST_FOUR),
    )

    def drawn(display: OsdStyle, utc: float) -> bytes:
        return LivePictures(SCENE, display).draw(0, utc).tobytes()

    assert drawn(ahead, HALF_PAST_FOUR) == drawn(shown, HALF_PAST_FOUR + 60)
    assert drawn(stands, HALF_PAST_FOUR + 5) == drawn(shown, HALF_PAST_FOUR)
    assert (
        drawn(shown, HALF_PAST_FOUR + 0.9) == drawn(shown, HALF_PAST_FOUR) != drawn(shown, HALF_PAST_FOUR + 1)
    )


@pytest.mark.parametrize("sigma", [2.0, 5.0])
def test_noise_has_the_deviation_it_says_and_is_new_in_each_picture(sigma: float):
    added = [luma(Spoil(noise=sigma), number) - luma(Spoil(), number) for number in (0, 1)]
    middle = [part[300:420, 300:420] for part in added]
    assert middle[0].std() == pytest.approx(sigma, rel=0.05)
    assert abs(np.corrcoef(middle[0].ravel(), middle[1].ravel())[0, 1]) < 0.05


def test_the_other_spoils_are_graded():
    plain = luma(Spoil())
    assert luma(Spoil(gain=0.5)).mean() == pytest.approx(plain.mean() / 2, rel=0.02)
    assert (luma(Spoil(cover=0.4))[:, :512] == 60).all()
    assert np.ptp((luma(Spoil(stripes=6)) - plain)[100:200, 500]) == pytest.approx(12, abs=2)
    assert np.abs(luma(Spoil(moved=5))[:, 164:1000] - plain[:, 100:936]).mean() < 1


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_lost_signal_is_a_flat_picture(signal: str):
    assert luma(Spoil(no_signal=signal)).std() == 0


@pytest.mark.parametrize("name", ["CAM-2", "CAM-3"])
def test_an_emulated_room_holds_all_of_its_size(name: str) -> None:
    """Else no camera of an example would conform in its resolution without condition."""
    scene = Scene(name, with_chart=False)
    assert own_size(scene.animate(scene.still(), 0)[: scene.height], 18).holds is Holds.ALL
