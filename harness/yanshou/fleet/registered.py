# SPDX-License-Identifier: Apache-2.0
"""The part of a survey that devices of GB/T 28181 take: they register at this host, and tell their channels.

One roll call for all of them, whatever the engine: they call us, so only the host they are set to hears them.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from yanshou.drivers.gb28181.addresses import address_of, is_gb28181
from yanshou.drivers.gb28181.roll_call import Present, RollCall, roll_call
from yanshou.fleet.result import Answers, Code, Record, State
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import Subject
from yanshou.model import RigFault, Site, now

_LISTED: Final = 20


def ask_registered(
    site: Site, waiting: Sequence[Subject], settings: Settings, done: Callable[[Record], None]
) -> list[Subject]:
    """Ask the subjects of GB/T 28181 and give each result to ``done``; returns the others.

    ``site`` may hold platforms in front of cameras, which are no subjects: they are asked for their channels.
    """
    ours = [one for one in waiting if is_gb28181(one.device)]
    if not ours:
        return list(waiting)
    began, at = now(), datetime.now(UTC)
    try:
        called: RollCall | RigFault = roll_call(site)
    except RigFault as fault:
        called = fault
    asked = {
        "utc": at.isoformat(timespec="milliseconds"),
        "seconds": round(now() - began, 3),
        "by": f"{platform.node()} {os.getpid()}",
    }
    for subject in ours:
        answers = Answers(subject)
        _fill(answers, site, called, settings)
        answers.asked = dict(asked)
        done(answers.as_record())
    return [one for one in waiting if not is_gb28181(one.device)]


def _fill(answers: Answers, site: Site, called: RollCall | RigFault, settings: Settings) -> None:
    device = answers.subject.device
    if isinstance(called, RigFault):
        answers.ended(State.NOT_ASKED, called.what)
        return
    to = address_of(site, device)
    here = called.present.get(to.registrant.id)
    if here is None:
        why = called.absent.get(to.registrant.id, "nothing came from it")
        answers.ended(State.NO_ANSWER, f"{to.registrant.id} does not register at the bench's platform: {why}")
    elif to.registrant is device:
        _own(answers, site, here, settings)
    else:
        _channel(answers, here, to.channel)


def _own(answers: Answers, site: Site, here: Present, settings: Settings) -> None:
    names = {"Manufacturer": "Manufacturer", "Model": "Model", "FirmwareVersion": "Firmware"}
    answers.identity = {name: here.info[key] for name, key in names.items() if here.info.get(key)}
    wanted = str(answers.subject.device.attributes.get("firmware", ""))
    firmware = here.info.get("Firmware", "")
    if wanted and firmware and wanted != firmware:
        answers.find(Code.FIRMWARE_DIFFERS, inventory=wanted, device=firmware)
    _clock(answers, here.ahead_s, settings.clock_offset_s)
    expected = {
        address_of(site, one).channel
        for one in site.devices.values()
        if is_gb28181(one) and address_of(site, one).registrant is here.device
    }
    answers.measured["catalogue"] = {"items": len(here.channels), "cameras": len(here.cameras)}
    if not here.whole:
        answers.find(Code.CATALOGUE_INCOMPLETE, why=here.why)
    if more := sorted(set(here.cameras) - expected):
        shown = ", ".join(more[:_LISTED]) + (" …" if len(more) > _LISTED else "")
        answers.find(Code.NOT_IN_INVENTORY, count=len(more), codes=shown)


def _clock(answers: Answers, ahead: tuple[float, float] | None, tolerance: float | None) -> None:
    """Against, only if the whole interval lies beyond the tolerance."""
    if ahead is None:
        if tolerance is not None:
            answers.find(Code.CLOCK_UNKNOWN, tolerance_s=tolerance)
        return
    low, high = ahead
    answers.measured["clock"] = {"low_s": round(low, 3), "high_s": round(high, 3), "reference": "host"}
    if tolerance is None or (low >= -tolerance and high <= tolerance):
        return
    beyond = low > tolerance or high < -tolerance
    answers.find(Code.CLOCK_OFF if beyond else Code.CLOCK_UNKNOWN, tolerance_s=tolerance)


def _channel(answers: Answers, here: Present, code: str) -> None:
    item = here.channels.get(code)
    if item is None and not here.whole:
        answers.ended(State.UNCLEAR, f"the catalogue of {here.device.id} is not whole: {here.why}")
    elif item is None:
        answers.find(Code.NOT_IN_CATALOGUE, parent=here.device.id, channel=code)
    else:
        answers.identity = {key: item[key] for key in ("Manufacturer", "Model", "Name") if item.get(key)}
        if item.get("Status", "").upper() not in ("ON", "OK", "ONLINE"):
            answers.find(Code.CHANNEL_OFF, parent=here.device.id, status=item.get("Status", "") or "-")
