# SPDX-License-Identifier: Apache-2.0
"""A subscription to the events of a device that are pulled (ONVIF Core Specification, "Event handling").

Answers are read element by element: what a device leaves out is told by the notification itself, and never
read as "no event".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from lxml import etree

from yanshou.model import RigFault
from yanshou.protocols.onvif.device import OnvifDevice
from yanshou.protocols.onvif.fault import AnswerUnclear, SoapFault

_MOST_AT_ONCE: Final = 100
_PREFIX: Final = re.compile(r"(?:(?<=/)|^)[\w.-]+:")
_STATES: Final = frozenset({"Initialized", "Deleted"})


@dataclass(frozen=True, slots=True)
class Notification:
    """One event as the device sent it; ``topic`` without the prefixes of its name space.

    ``operation`` is ``Initialized``, ``Changed`` or ``Deleted`` of a state, empty for an event that is none.
    ``utc`` is None where the time is missing or cannot be read, ``wrong`` says what else is.
    """

    topic: str
    operation: str = ""
    utc: datetime | None = None
    source: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""

    @property
    def is_state(self) -> bool:
        """Whether it only tells how things are: sent after a subscription or a synchronisation point."""
        return self.operation in _STATES


class PulledSubscription:
    """One subscription of a device, made when this is; RigFault as :class:`OnvifDevice` raises it.

    ``life_s`` seconds are asked for. It ends at the device ``life_s`` seconds after it was made or last
    renewed, which may be fewer than asked for.
    """

    def __init__(self, device: OnvifDevice, life_s: float) -> None:
        self._device = device
        self._asked_s = life_s
        self._life = f"PT{life_s:.0f}S"
        answer = device.service("events").element(
            "CreatePullPointSubscription", InitialTerminationTime=self._life
        )
        address = answer.findtext(".//{*}SubscriptionReference/{*}Address", "").strip()
        if not address:
            raise AnswerUnclear("CreatePullPointSubscription: it names no pull point.", device=device.name)
        self.life_s = self._granted(answer)
        parameters = answer.find(".//{*}SubscriptionReference/{*}ReferenceParameters")
        headers = [] if parameters is None else list(parameters)
        self._pulled = device.service_at("pullpoint", address, headers)
        self._managed = device.service_at("subscription", address, headers)

    def pull(self, wait_s: float) -> list[Notification]:
        """What came since the last pull; waits for something at most about ``wait_s`` seconds.

        SoapFault if the device knows the subscription no more.
        """
        wait = timedelta(seconds=wait_s)
        answer = self._pulled.element("PullMessages", Timeout=wait, MessageLimit=_MOST_AT_ONCE)
        return [_read(one) for one in answer.findall("{*}NotificationMessage")]

    def renew(self) -> None:
        """Prolong the subscription."""
        self.life_s = self._granted(self._managed.element("Renew", TerminationTime=self._life))

    def _granted(self, answer: etree._Element) -> float:
        """How long it lives by an answer of the device, in seconds; as asked where that cannot be read."""
        here, end = (
            _moment(answer.findtext(f"{{*}}{name}", "")) for name in ("CurrentTime", "TerminationTime")
        )
        granted = (end - here).total_seconds() if here and end else 0.0
        return min(granted, self._asked_s) if granted > 0 else self._asked_s

    def synchronise(self) -> None:
        """Have the device send all its states anew: what is then pulled shows that it still delivers."""
        self._pulled.element("SetSynchronizationPoint")

    def end(self) -> None:
        """End the subscription; one that is gone is none."""
        try:
            self._managed.element("Unsubscribe")
        except (SoapFault, RigFault) as fault:
            self._device.note(f"Unsubscribe: {fault.what}")


def _read(element: etree._Element) -> Notification:
    topic = _PREFIX.sub("", "".join(element.findtext("{*}Topic", "").split()))
    message = element.find("{*}Message/{*}Message")
    if message is None or not topic:
        return Notification(topic, wrong="a notification without a topic or a message")
    stated = message.get("UtcTime", "")
    utc = _moment(stated)
    return Notification(
        topic,
        message.get("PropertyOperation", ""),
        utc,
        _items(message, "Source"),
        _items(message, "Data"),
        "" if utc else f"the time {stated[:40]!r}" if stated else "no time",
    )


def _moment(text: str) -> datetime | None:
    """An xs:dateTime; UTC where it names no zone, as ONVIF demands."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _items(message: etree._Element, part: str) -> dict[str, str]:
    """The simple items of a part of a message, by name."""
    return {
        one.get("Name", ""): one.get("Value", "") for one in message.findall(f"{{*}}{part}/{{*}}SimpleItem")
    }
