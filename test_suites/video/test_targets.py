# SPDX-License-Identifier: Apache-2.0
"""透射靶 — quantities that need a luminous target: a printed chart shows 40 dB at most.

A person reads them by the evaluation that belongs to the bought target; its certificate stands in the budget,
and the picture that was evaluated is kept.
"""

from __future__ import annotations

from yanshou.fixtures.api import Ask, ManualMeter, MeterOf, Record, measures


@measures("dynamic_range", instruments=("dynamic_range_target",), operator=True, seconds=300)
def test_dynamic_range(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """From the light that clips to the light whose noise in time equals it, by steps of known density."""
    meter = manual_meter("dynamic_range_target")
    _read(meter, ask, record, "dynamic_range")


@measures("video_dynamic_range", instruments=("dynamic_range_target",), operator=True, seconds=300)
def test_video_dynamic_range(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """The same within one scene of the compressed stream, exposure held."""
    meter = manual_meter("dynamic_range_target")
    _read(meter, ask, record, "video_dynamic_range")


@measures("veiling_glare", instruments=("glare_target",), operator=True, seconds=300)
def test_veiling_glare(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """A black trap in a luminous surround: what the lens spreads into it, exposure and tone curve undone."""
    meter = manual_meter("glare_target")
    _read(meter, ask, record, "veiling_glare", "glare", "%")


def _read(
    target: ManualMeter,
    ask: Ask,
    record: Record,
    name: str,
    quantity: str = "luminance_ratio",
    unit: str = "dB",
) -> None:
    """``name`` is the measurand: the keys of its questions are its own, so that answers can be told apart."""
    ask.text("conditions", key=f"{name}.conditions")
    reading = target.ask(quantity, unit, name)
    ask.photo("evaluated_picture", key=f"{name}.picture")
    record.readings([reading], target)
