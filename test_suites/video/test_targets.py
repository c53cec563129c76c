# SPDX-License-Identifier: Apache-2.0
"""透射靶 — quantities that need a luminous target: a printed chart shows 40 dB at most.

A person reads them by the evaluation that belongs to the bought target; its certificate stands in the budget,
and the picture that was evaluated is kept.
"""

from __future__ import annotations

from typing import Final

from yanshou.fixtures.api import Ask, ManualMeter, MeterOf, Record, measures

_SEEN: Final = "所评价画面的原始图像文件"
_LEGS: Final = "曝光锁定、同一场景、主码流；关键帧量化参数与所用分析软件及版本"


@measures("dynamic_range", instruments=("dynamic_range_target",), operator=True, seconds=300)
def test_dynamic_range(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """From the light that clips to the light whose noise in time equals it, by steps of known density."""
    meter = manual_meter("dynamic_range_target")
    _read(meter, ask, record, "dynamic_range", "透射式灰阶靶测得的动态范围（20 lg，时域信噪比为 1 处）")


@measures("video_dynamic_range", instruments=("dynamic_range_target",), operator=True, seconds=300)
def test_video_dynamic_range(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """The same within one scene of the compressed stream, exposure held."""
    meter = manual_meter("dynamic_range_target")
    _read(
        meter, ask, record, "video_dynamic_range", "压缩码流单一场景内测得的视频动态范围（20 lg，曝光锁定）"
    )


@measures("veiling_glare", instruments=("glare_target",), operator=True, seconds=300)
def test_veiling_glare(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """A black trap in a luminous surround: what the lens spreads into it, exposure and tone curve undone."""
    meter = manual_meter("glare_target")
    _read(meter, ask, record, "veiling_glare", "亮背景中黑阱的线性亮度与背景亮度之比", "glare", "%")


def _read(
    target: ManualMeter,
    ask: Ask,
    record: Record,
    name: str,
    words: str,
    quantity: str = "luminance_ratio",
    unit: str = "dB",
) -> None:
    """``name`` is the measurand: the keys of its questions are its own, so that answers can be told apart."""
    ask.text(f"{name}.conditions", _LEGS)
    reading = target.ask(quantity, unit, words, key=name)
    ask.photo(f"{name}.picture", _SEEN)
    record.readings([reading], target)
