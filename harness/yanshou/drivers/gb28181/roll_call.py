# SPDX-License-Identifier: Apache-2.0
"""Who registers at the bench, what each says it is, and which channels it lists; nothing is commanded."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.acquisition.sip_platform import SipEvent, SipGathered
from yanshou.drivers.gb28181.addresses import address_of, registrants_of
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.evaluation.sip import device_time, is_camera
from yanshou.model import Device, RigFault, Site, now, utc_of

WAIT_S: Final = 120.0
"""How long devices are waited for: after a failure they try again once a minute or less often."""
_AT_ONCE: Final = 16
_SINGLE_S: Final = 10.0
_LIST_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Present:
    """A device that registered from ``peer`` (``host:port``), and what it answered; empty if it did not.

    ``ahead_s``: how far its clock is ahead of this computer, between these bounds. ``channels`` are the items
    of its catalogue by their code, ``whole`` whether they are as many as it says.
    """

    device: Device
    code: str
    peer: str
    info: Mapping[str, str] = field(default_factory=dict)
    status: Mapping[str, str] = field(default_factory=dict)
    ahead_s: tuple[float, float] | None = None
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    whole: bool = False
    why: str = ""  # of a catalogue that is not whole

    @property
    def cameras(self) -> list[str]:
        """The codes of cameras in its catalogue."""
        return [code for code in self.channels if is_camera(code)]


@dataclass(frozen=True, slots=True)
class RollCall:
    """The devices that registered, by their id; ``strangers``: codes in no inventory, and where from.

    ``absent``: what came from a device that did not register, in words, by its id.
    """

    present: Mapping[str, Present]
    strangers: Mapping[str, str]
    absent: Mapping[str, str] = field(default_factory=dict)


def roll_call(site: Site, *, wait_s: float | None = None, catalogue: bool = True) -> RollCall:
    """Open the platform, wait until every device of the site registered, and ask each what it is.

    Waits up to ``wait_s`` (default: ``register_wait_s`` of the plan, else WAIT_S). RigFault when the address
    of the platform cannot be had.
    """
    stated = site.plan.get("register_wait_s", WAIT_S)
    platform = SitePlatform(site)
    try:
        until = platform.opened + (float(str(stated)) if wait_s is None else wait_s)
        called = [(one, _waited(platform, one, until)) for one in registrants_of(site)]
        here = [(one, peer) for one, peer in called if peer]
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="roll-call") as pool:
            asked = pool.map(partial(_asked, platform, catalogue), here)
            present = {one.device.id: one for one in asked}
        absent = {one.id: _came(platform, one) for one, peer in called if not peer}
        return RollCall(present, _strangers(platform), absent)
    finally:
        platform.close()


def _waited(platform: SitePlatform, device: Device, until: float) -> str:
    """Where the device registered from; empty if it had not by ``until``."""
    match = {"device": device.id, "kind": SipEvent.REGISTERED.value}
    entry = platform.inner.wait(0, match, until=max(until, now() + 0.01))
    return "" if entry is None else entry.peer


def _came(platform: SitePlatform, device: Device) -> str:
    """What came from a device that did not register: how often it tried, and what became of the last."""
    tried = platform.inner.received(0, {"device": device.id, "method": "REGISTER"})
    if not tried:
        return "nothing came from it"
    last = tried[-1]
    said = last.said
    how = f"digest {said.get('digest', '')}" + (", although its password fits" if said.get("fits") else "")
    if "digest" not in said and "class_a" in said:
        how = f"certificate {said['class_a']}"
    if not said.get("signed"):
        how = "without a digest, although it was challenged" if len(tried) > 1 else "without a digest"
    return f"{len(tried)} REGISTER came, the last {how}, answered {last.status or 'nothing'}"


def _asked(platform: SitePlatform, catalogue: bool, one: tuple[Device, str]) -> Present:  # noqa: FBT001 - of partial
    device, peer = one
    code = address_of(platform.site, device).code
    info = _ask(platform, device, code, "DeviceInfo", _SINGLE_S)
    before = utc_of(0.0)
    status = _ask(platform, device, code, "DeviceStatus", _SINGLE_S)
    listed = _ask(platform, device, code, "Catalog", _LIST_S) if catalogue else None
    return Present(
        device,
        code,
        peer,
        dict(info.values) if info else {},
        dict(status.values) if status else {},
        _ahead(status, before, platform.site.time_zone),
        {item["DeviceID"]: item for item in listed.items} if listed else {},
        listed is not None and listed.whole,
        _why(listed) if catalogue else "",
    )


def _ask(
    platform: SitePlatform, device: Device, code: str, command: str, seconds: float
) -> SipGathered | None:
    """The answer; None if none came or the device left meanwhile."""
    try:
        said = platform.inner.ask(device.id, command, code, total_s=seconds)
    except RigFault:
        return None
    return said if said.parts else None


def _ahead(said: SipGathered | None, utc_of_zero: float, time_zone: str) -> tuple[float, float] | None:
    """The clock of DeviceStatus against this computer: shown to a second, between question and answer."""
    if said is None or said.first is None:
        return None
    shown = device_time(said.values.get("DeviceTime", ""), ZoneInfo(time_zone))
    if shown is None:
        return None
    stamp = shown.timestamp() - utc_of_zero
    return stamp - said.first.latest, stamp + 1.0 - said.sent.earliest


def _why(listed: SipGathered | None) -> str:
    if listed is None:
        return "no answer to the query of its catalogue"
    if listed.whole:
        return ""
    sums = ", ".join(map(str, listed.totals)) or "none"
    return f"SumNum {sums}, {len(listed.items)} items came"


def _strangers(platform: SitePlatform) -> dict[str, str]:
    refused = platform.inner.received(0, {"device": "", "kind": SipEvent.REFUSED.value})
    return {str(one.said["code"]): one.peer for one in refused if one.said.get("code")}
