# SPDX-License-Identifier: Apache-2.0
"""The alarms of a link that reports by GB/T 28181, as the tests of a receiving centre see them.

The protocol tells alarms only: no restoral, no unsetting. Its AlarmMethod 6 is a fault of the device, and
AlarmType 2 of AlarmMethod 2 its tamper (annex A.2.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yanshou.acquisition.centre import CentreAnswer, ReceivedMessage
from yanshou.acquisition.sip_platform import ReceivedSip, SipEvent
from yanshou.drivers.gb28181.addresses import GbAddress, address_of, is_gb28181
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.model import Device, DeviceKind, Instant, RigFault
from yanshou.protocols.dc09 import EventClass, Qualifier

_ALARMS = frozenset({EventClass.ALARM, EventClass.HOLD_UP, EventClass.FIRE})
_DEVICE, _FAULT, _TAMPER = "2", "6", "2"
_UNREAD = (SipEvent.UNREADABLE, SipEvent.NOISE)


class GbAlarmReceiver:
    """An ``AlarmReceiver`` for the alarm messages of one registered link."""

    def __init__(self, address: GbAddress, platform: SitePlatform) -> None:
        self._address = address
        self._platform = platform
        self._zones = {
            str(one.attributes["platform_id"]): one
            for one in platform.site.of_kind(DeviceKind.ZONE)
            if one.parent == address.device.parent and "platform_id" in one.attributes
        }
        reached = [
            address_of(platform.site, one) for one in platform.site.devices.values() if is_gb28181(one)
        ]
        self._others = {one.channel for one in reached if one.registrant is not address.registrant}

    @property
    def device(self) -> Device:
        return self._address.device

    @property
    def paths(self) -> tuple[int, ...]:
        return (1,)

    def mark(self) -> int:
        return self._platform.inner.mark()

    def wait(self, match: Mapping[str, object], *, after: int, until: float) -> ReceivedMessage | None:
        if match:
            raise self._cannot("paths and answers of a centre")
        found = self._platform.inner.wait(after, {"device": self._address.registrant.id}, until=until)
        return None if found is None else self._as_message(found)

    def wait_event(
        self,
        event_class: EventClass,
        zone: int | None,
        *,
        qualifier: Qualifier,
        after: int,
        since: Instant,
        within: float,
    ) -> ReceivedMessage | None:
        if qualifier is not Qualifier.NEW or event_class not in _ALARMS | {EventClass.TAMPER}:
            raise self._cannot("restorals and other events than alarms")
        match = {"device": self._address.registrant.id, "root": "Notify", "command": "Alarm"}
        while True:
            found = self._platform.inner.wait(after, match, until=since.latest + within)
            if found is None:
                return None
            after = found.number
            if found.complete.latest >= since.earliest and self._is(found, event_class, zone):
                return self._as_message(found)

    def received(self, after: int) -> list[ReceivedMessage]:
        match = {"device": self._address.registrant.id, "root": "Notify", "command": "Alarm"}
        return [self._as_message(one) for one in self._platform.inner.received(after, match)]

    def unread(self, after: int) -> list[ReceivedMessage]:
        kinds: list[object] = [one.value for one in _UNREAD]
        return [self._as_message(one) for one in self._platform.inner.received(after, {"kind": kinds})]

    def answer(
        self,
        answer: CentreAnswer | None,
        *,
        count: int | None = None,  # noqa: ARG002 - the shape of a receiver
        events_only: bool = False,  # noqa: ARG002
        paths: Sequence[int] = (),  # noqa: ARG002
        cut: bool = False,  # noqa: ARG002
    ) -> None:
        if answer is not None:
            raise self._cannot("other answers of a centre")

    def set_clock(self, ahead_s: float) -> None:
        if ahead_s:
            raise self._cannot("another clock of the centre")

    def supervise(self, limit_s: float | None) -> None:
        if limit_s is not None:
            raise self._cannot("supervision of a path")

    def _is(self, found: ReceivedSip, event_class: EventClass, zone: int | None) -> bool:
        """Whether it is an alarm of this class and zone; one that names no zone may be of any."""
        said = found.said.get("values", {})
        method, kind = said.get("AlarmMethod", ""), self._kind(said)
        tamper = method == _DEVICE and kind == _TAMPER
        if method == _FAULT or tamper is not (event_class is EventClass.TAMPER):
            return False
        named = self._zones.get(str(found.said.get("target", "")))
        if named is None:
            own = found.said.get("target") in (self._address.code, self._address.channel)
            return own or (not self._zones and found.said.get("target") not in self._others)
        return zone is None or _number(named) == zone

    @staticmethod
    def _kind(said: Mapping[str, str]) -> str:
        return said.get("AlarmType") or said.get("Info/AlarmType", "")

    def _as_message(self, found: ReceivedSip) -> ReceivedMessage:
        said = found.said.get("values", {})
        zone = self._zones.get(str(found.said.get("target", "")))
        method, kind = said.get("AlarmMethod", ""), self._kind(said)
        tamper = method == _DEVICE and kind == _TAMPER
        return ReceivedMessage(
            number=found.number,
            kind="message" if found.kind is SipEvent.MESSAGE else found.kind.value,
            account=self._address.device.id,
            path=1,
            first=found.first,
            complete=found.complete,
            answered=found.answered,
            answer=str(found.status or ""),
            reason=str(found.said.get("why", "")),
            transport=found.transport,
            token=str(found.said.get("command", "")),
            sequence=found.said.get("sn"),
            encrypted=False,
            repeated=False,
            skew_s=None,
            event_class=(EventClass.TAMPER if tamper else EventClass.ALARM).value,
            qualifier=Qualifier.NEW.value,
            code=f"{method}-{kind}".strip("-"),
            partition=None,
            zone=_number(zone) if zone is not None else None,
            peer=found.peer,
            data=str(found.said.get("bytes", "")),
        )

    def _cannot(self, what: str) -> RigFault:
        return RigFault(
            f"GB/T 28181 has no {what}: nothing is concluded.", device=self._address.device.id, final=True
        )


def _number(zone: Device) -> int | None:
    stated = zone.attributes.get("event_zone", zone.number)
    return None if stated is None else int(str(stated))
