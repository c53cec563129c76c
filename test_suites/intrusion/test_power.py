# SPDX-License-Identifier: Apache-2.0
"""备用电源 — how long the battery would carry the panel."""

from __future__ import annotations

from yanshou.fixtures.api import Meter, Panel, Record, measures
from yanshou.metrology import rectangular

_AGEING = 0.8  # share of the rated capacity a lead-acid battery may have left at the end of its life
_AGEING_SPREAD = 0.05
_READINGS = 5


@measures("backup_supply_duration", instruments=("multimeter",))
def test_backup_supply_duration(panel: Panel, supply_meter: Meter, record: Record) -> None:
    """The quiescent current is measured; capacity with ageing over current estimates the time on battery."""
    capacity = panel.number_of("battery_ah")
    currents = [supply_meter.read("dc_current") for _ in range(_READINGS)]
    hours = [_AGEING * capacity / current.value for current in currents]
    mean = sum(hours) / len(hours)
    relative = max(current.U / current.value / current.k for current in currents)
    record.estimate(
        hours,
        "h",
        [
            supply_meter.component(relative * mean),
            rectangular("ageing of the battery", _AGEING_SPREAD / _AGEING * mean, "judgement: 0.8 ± 0.05"),
        ],
        method=f"额定容量 {capacity:g} Ah × 老化系数 {_AGEING:g} ÷ 实测静态电流；未做满时放电",
    )
