# SPDX-License-Identifier: Apache-2.0
"""About how long one repetition of a test takes: the machine's time and a person's, in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from yanshou.model import Device, DeviceKind, PlanItem, Site
from yanshou.planning.covered import Alarms, CoveredMeasurand, Together

_PERSON_S, _ANSWERED_S = 60.0, 1.0
_STIMULATED_AT_ONCE = frozenset({Together.READINGS, Together.DOORS, Together.UNSET})
_CUT_SHORT = frozenset({"interrupted", "rig_fault"})


def machine_seconds(site: Site, covered: CoveredMeasurand, devices: int = 1) -> float:
    """The time in which nobody is needed: the test's estimate and the waits of this plan.

    The watch of ``devices`` that are watched together is waited for as often as they need rounds.
    """
    own, waits = covered.seconds, _waits(site, covered)
    if watched_together(site, covered):
        share = covered.together.rounds(devices) / devices
        waits *= share
        own *= share if covered.together in _STIMULATED_AT_ONCE else 1.0
    return waits + (covered.machine if covered.operator else own)


def over_network(device: Device | None) -> bool:
    """Whether a camera or recorder is reached over the network alone, so that several are read at once."""
    return (
        device is not None
        and device.kind in {DeviceKind.CAMERA, DeviceKind.RECORDER}
        and device.connection is not None
        and device.connection.protocol == "onvif"
    )


def watched_together(site: Site, covered: CoveredMeasurand) -> bool:
    """Whether its devices are watched over the same time, which a short watch in this plan is not worth."""
    return covered.together is not Together.NO and _waits(site, covered) >= covered.together.from_s


def _waits(site: Site, covered: CoveredMeasurand) -> float:
    may = set(covered.if_allowed) <= site.allow  # actions that are not allowed are not waited for
    stated = [site.plan.get(name, usual) for name, usual in covered.waits.items() if may]
    return sum(float(one) for one in stated if isinstance(one, int | float))


def own_repetitions(
    site: Site, items: Iterable[PlanItem], covered: Mapping[str, CoveredMeasurand]
) -> dict[str, int]:
    """How often each item gives its own stimulus, by its id: alarms of a zone that another made are taken.

    ``items`` in the order of the plan.
    """
    made: Counter[str] = Counter()
    watched: dict[str, float] = {}  # for how long an alarm of a panel is watched
    found: dict[str, int] = {}
    for item in items:
        test, own = covered[item.measurand], item.repetitions
        match test.alarms:
            case Alarms.SHARED:
                own = max(0, own - made[item.device])
            case Alarms.HEARD if watched.get(item.device, 0.0) >= test.seconds:
                own = 0
            case Alarms.GIVEN if item.device in site.devices:
                panel = site.devices[item.device].parent
                watched[panel] = max(watched.get(panel, 0.0), _waits(site, test))
        if test.alarms in {Alarms.GIVEN, Alarms.SHARED}:
            made[item.device] += own
        found[item.id] = own
    return found


def person_seconds(covered: CoveredMeasurand) -> float:
    """The time of a person: a step (reading, walking, writing) counts at least a minute."""
    return max(covered.seconds, _PERSON_S) if covered.operator else 0.0


def machine_times(
    site: Site, items: Sequence[PlanItem], covered: Mapping[str, CoveredMeasurand]
) -> dict[str, float]:
    """The machine's seconds of each item, by its id, with what it shares with others of the plan."""
    own = own_repetitions(site, items, covered)
    devices: dict[object, set[str]] = {}
    for item in items:
        devices.setdefault(watch_of(item, site, covered[item.measurand]), set()).add(item.device)
    found: dict[str, float] = {}
    surveyed: set[str] = set()
    for item in items:
        test = covered[item.measurand]
        several = test.together is not Together.READINGS or over_network(site.devices.get(item.device))
        once = machine_seconds(site, test, len(devices[watch_of(item, site, test)]) if several else 1)
        if test.together is Together.PATHS and item.device in surveyed:
            once = test.seconds
        surveyed |= {item.device} if test.together is Together.PATHS else set()
        found[item.id] = once * own[item.id]
    return found


def watch_of(item: PlanItem, site: Site, covered: CoveredMeasurand) -> str:
    """What its watch is counted by: clocks and paths of all measurands are watched in one.

    Doors are watched with those of their own controller.
    """
    if covered.together in {Together.CLOCKS, Together.PATHS}:
        return covered.together.name
    device = site.devices.get(item.device)
    if covered.together is Together.DOORS and device is not None:
        return f"{item.measurand}[{device.parent}]"
    return item.measurand


def seconds(site: Site, covered: CoveredMeasurand, devices: int = 1) -> float:
    """Both together; a step that a file answers takes no time."""
    return machine_seconds(site, covered, devices) + answering_seconds(site, covered)


def answering_seconds(site: Site, covered: CoveredMeasurand) -> float:
    """The time of a person, or of the file that answers for him."""
    if covered.operator and site.operator.get("backend") == "scripted":
        return min(covered.seconds, _ANSWERED_S)
    return person_seconds(covered)


def lasted(events: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """The median seconds of an item by measurand, from the journals of earlier runs.

    What was interrupted or ended by a fault of the bench did not last as long as it would have.
    """
    found: dict[str, list[float]] = {}
    for event in events:
        if event["kind"] == "item_finished" and event["outcome"] not in _CUT_SHORT:
            found.setdefault(str(event["item"]).partition("[")[0], []).append(float(event["seconds"]))
    return {name: median(seconds) for name, seconds in found.items()}
