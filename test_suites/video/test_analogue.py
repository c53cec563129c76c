# SPDX-License-Identifier: Apache-2.0
"""模拟视频 — what a video analyser reads off the composite signal, and a card on playback.

The harness has no input for composite video: a person connects the analyser, and its certificate stands in
the budget.
"""

from __future__ import annotations

from yanshou.fixtures.api import Ask, MeterOf, Record, evaluate, measures

_WEDGE_TVL = 10.0  # half a graduation of a wedge that is read by eye
_MOST_TVL = 2000.0


def _read(manual_meter: MeterOf, record: Record, quantity: str, unit: str = "dB") -> None:
    meter = manual_meter("video_analyser")
    reading = meter.ask(quantity, unit)
    record.readings([reading], meter)


@measures("video_output_amplitude", instruments=("video_analyser",), operator=True, seconds=60)
def test_output_amplitude(manual_meter: MeterOf, record: Record) -> None:
    """The composite signal into 75 Ω, from the tip of the sync to white, with a white field in view."""
    _read(manual_meter, record, "video_amplitude", "V")


@measures("snr_random", instruments=("video_analyser",), operator=True, seconds=60)
def test_random_noise(manual_meter: MeterOf, record: Record) -> None:
    """Random noise against 0.7 V of luma, weighted as the analyser's clause says."""
    _read(manual_meter, record, "snr_random")


@measures("snr_single_frequency", instruments=("video_analyser",), operator=True, seconds=60)
def test_single_frequency(manual_meter: MeterOf, record: Record) -> None:
    """The strongest single frequency in the luma band."""
    _read(manual_meter, record, "snr_single_frequency")


@measures("snr_mains", instruments=("video_analyser",), operator=True, seconds=60)
def test_mains(manual_meter: MeterOf, record: Record) -> None:
    """Hum of the mains and its harmonics."""
    _read(manual_meter, record, "snr_mains")


@measures("snr_impulse", instruments=("video_analyser",), operator=True, seconds=60)
def test_impulse(manual_meter: MeterOf, record: Record) -> None:
    """Impulses, e.g. of switched loads."""
    _read(manual_meter, record, "snr_impulse")


@measures("playback_resolution_tvl", operator=True, seconds=120)
def test_playback_resolution(ask: Ask, record: Record) -> None:
    """The recording of a composite card is played back: the wedge in the middle is read on the monitor."""
    lines = ask.number(
        "wedge",
        unit="TVL",
        low=1,
        high=_MOST_TVL,
    )
    record.values([lines], "TVL", evaluate.site.read_by_eye(_WEDGE_TVL))
