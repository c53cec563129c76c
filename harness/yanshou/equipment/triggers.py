# SPDX-License-Identifier: Apache-2.0
"""One trigger of a set zone with everything that is learnt from it."""

from __future__ import annotations

import random
import time

from yanshou.equipment.alarm_stock import ZoneAlarm
from yanshou.equipment.around import Around
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Instant
from yanshou.model.signal import ZoneSignal

_PHASE_S = 0.05


def pause_at_random() -> None:
    """Wait up to 50 ms before a stimulus, so that stimuli never fall into step with a panel's scan."""
    time.sleep(random.uniform(0, _PHASE_S))  # noqa: S311 - a phase, no secret


def trigger(panel: Panel, zone: Zone, *, around: Around | None = None) -> ZoneAlarm:
    """Set the zone's partition, open its loop and wait for its alarm; the loop stays open.

    ``around``: the state of the panel before, if the caller has read it.
    """
    panel.arm(zone)
    around = around or Around.of(panel, zone)
    pause_at_random()
    opened = zone.open_loop()
    return seen(panel, zone, opened, around)


def seen(panel: Panel, zone: Zone, opened: Instant, around: Around) -> ZoneAlarm:
    """What the panel shows of a loop that was opened, after ``around`` was read, and whether it sounds.

    A siren that sounds already, or has sounded for an alarm that is still shown, says nothing of this one.
    """
    shown = panel.wait_for(zone, ZoneSignal.ALARM, since=opened)
    if shown is not None:  # a panel that unsets itself with its alarm sees no second intruder
        panel.require_left_alone(zone, in_alarm=True)
    listened = around.quiet and not around.in_alarm and shown is not None and not zone.is_hold_up
    sounded = panel.sounded(since=opened) if listened else None
    return ZoneAlarm(
        panel.item_journal.last_line(zone.device.id),
        panel.item_journal.item,
        zone.device.id,
        opened,
        shown,
        panel.patience,
        tuple(around.strays()),
        alone=not around.in_alarm,
        sounded=sounded,
    )
