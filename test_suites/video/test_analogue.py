# SPDX-License-Identifier: Apache-2.0
"""模拟视频 — what a video analyser reads off the composite signal, and a card on playback.

The harness has no input for composite video: a person connects the analyser, and its certificate stands in
the budget.
"""

from __future__ import annotations

from yanshou.fixtures.api import Ask, MeterOf, Record, evaluate, measures

_WEDGE_TVL = 10.0  # half a graduation of a wedge that is read by eye
_MOST_TVL = 2000.0


def _read(manual_meter: MeterOf, record: Record, quantity: str, text: str, unit: str = "dB") -> None:
    meter = manual_meter("video_analyser")
    reading = meter.ask(quantity, unit, text)
    record.readings([reading], meter)


@measures("video_output_amplitude", instruments=("video_analyser",), operator=True, seconds=60)
def test_output_amplitude(manual_meter: MeterOf, record: Record) -> None:
    """The composite signal into 75 Ω, from the tip of the sync to white, with a white field in view."""
    _read(
        manual_meter, record, "video_amplitude", "75 Ω 终接时复合视频信号的峰峰值（含同步头，白场画面）", "V"
    )


@measures("snr_random", instruments=("video_analyser",), operator=True, seconds=60)
def test_random_noise(manual_meter: MeterOf, record: Record) -> None:
    """Random noise against 0.7 V of luma, weighted as the analyser's clause says."""
    _read(manual_meter, record, "snr_random", "亮度信号 0.7 V 对随机噪声有效值的信噪比")


@measures("snr_single_frequency", instruments=("video_analyser",), operator=True, seconds=60)
def test_single_frequency(manual_meter: MeterOf, record: Record) -> None:
    """The strongest single frequency in the luma band."""
    _read(manual_meter, record, "snr_single_frequency", "亮度信号对最强单频干扰幅度的信噪比")


@measures("snr_mains", instruments=("video_analyser",), operator=True, seconds=60)
def test_mains(manual_meter: MeterOf, record: Record) -> None:
    """Hum of the mains and its harmonics."""
    _read(manual_meter, record, "snr_mains", "亮度信号对电源干扰（50 Hz 及谐波）幅度的信噪比")


@measures("snr_impulse", instruments=("video_analyser",), operator=True, seconds=60)
def test_impulse(manual_meter: MeterOf, record: Record) -> None:
    """Impulses, e.g. of switched loads."""
    _read(manual_meter, record, "snr_impulse", "亮度信号对脉冲干扰幅度的信噪比")


@measures("playback_resolution_tvl", operator=True, seconds=120)
def test_playback_resolution(ask: Ask, record: Record) -> None:
    """The recording of a composite card is played back: the wedge in the middle is read on the monitor."""
    lines = ask.number(
        "wedge",
        "回放综合测试卡的录像，在监视器上读取画面中心水平楔形的极限分辨力",
        unit="TVL",
        low=1,
        high=_MOST_TVL,
    )
    record.values([lines], "TVL", evaluate.site.read_by_eye(_WEDGE_TVL))
