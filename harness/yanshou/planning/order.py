# SPDX-License-Identifier: Apache-2.0
"""The order of a plan: quiet items first, then partition by partition, disturbing items last."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import Device, DeviceKind, PlanItem, Site
from yanshou.model.visit import natural
from yanshou.planning.covered import CoveredMeasurand, Phase, Together

_VIDEO = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER})
_ALARM = frozenset({DeviceKind.ZONE, DeviceKind.PANEL, DeviceKind.LINKAGE, DeviceKind.ALARM_LINK})

Key = tuple[int, int, str, str, str, tuple[str | int, ...]]


def phase_of(covered: CoveredMeasurand, device: Device | None) -> Phase:
    """The turn of a measurand on a device: as the suite declares, else derived from what the test needs."""
    if covered.phase is not None:
        return covered.phase
    if covered.intrusive:
        return Phase.INTRUSIVE
    kind = DeviceKind.SITE if device is None else device.kind
    if covered.operator:
        return Phase.PAPERS if kind is DeviceKind.SITE else Phase.VISUAL
    if "clock" in covered.measurand:
        return Phase.CLOCK
    if kind in _VIDEO:
        return Phase.VIDEO
    return Phase.ARMED if kind in _ALARM and "unset" not in covered.measurand else Phase.UNSET


def order_key(item: PlanItem, site: Site, covered: Mapping[str, CoveredMeasurand]) -> Key:
    """Sort key of an item: phase, then panel and partition (or the device), then measurand and number.

    Streams that are received at the same time come after what each camera is asked by itself: they need all
    cameras quiet, and what needs one of them is done while the bench is at what disturbs another.
    """
    device, test = site.devices.get(item.device), covered[item.measurand]
    phase = phase_of(test, device)
    group, partition = _group(device, phase)
    several = test.together is Together.STREAMS
    return (int(phase), int(several), group, partition, item.measurand, natural(item.device))


def _group(device: Device | None, phase: Phase) -> tuple[str, str]:
    if device is None or phase <= Phase.VISUAL:
        return "", ""
    if phase in {Phase.CLOCK, Phase.VIDEO}:
        return device.id, ""
    return device.parent or device.id, str(device.attributes.get("partition", ""))
