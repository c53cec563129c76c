# SPDX-License-Identifier: Apache-2.0
"""A platform, or any device, that tells its events over ONVIF: they are pulled; it takes no commands here.

What they mean is read in ``drivers.onvif.topics``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yanshou.drivers.onvif.events import OnvifEvents
from yanshou.drivers.onvif.topics import OnvifEvent, meaning, unreadable
from yanshou.drivers.platform.events import PlatformEvent
from yanshou.drivers.platform.link import PlatformLink, names_of
from yanshou.model import Device, Instant, RigFault, Site, utc_of
from yanshou.protocols.onvif.pull_point import Notification
from yanshou.site import device_secret

_KINDS: Final[Mapping[OnvifEvent | None, str]] = {  # one of ``profile.KINDS``
    OnvifEvent.ALARM: "alarm",
    OnvifEvent.DURESS: "alarm",
    OnvifEvent.GRANTED: "granted",
    OnvifEvent.DENIED: "denied",
    OnvifEvent.PASSBACK: "denied",
    OnvifEvent.FORCED: "forced",
    OnvifEvent.HELD: "held",
    OnvifEvent.TAMPER: "tamper",
    OnvifEvent.DOOR_FAULT: "fault",
    OnvifEvent.DEVICE_FAULT: "fault",
}
_LONGEST_NAME: Final = 200


def kind_of(notification: Notification) -> str:
    """What an event means, one of ``profile.KINDS``; empty for a state, its end, or an unknown topic."""
    return _KINDS.get(meaning(notification), "")


def event_of(notification: Notification) -> PlatformEvent:
    """The event of a notification; its device is the first source that the message names."""
    names = [value.strip() for value in notification.source.values() if value.strip()]
    device = names[0][:_LONGEST_NAME] if names else ""
    text = repr(
        (
            notification.topic,
            sorted(notification.source.items()),
            sorted(notification.data.items()),
            notification.utc,
        )
    )
    return PlatformEvent(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        device=device,
        kind=kind_of(notification),
        word=notification.topic,
        when=notification.utc,
        oddity="names no device" if not device else "" if notification.utc else "has no time",
    )


@dataclass(slots=True)
class OnvifLink(PlatformLink):
    """The events of a device as they are pulled, from the moment when this was made."""

    pulled: OnvifEvents
    _taken: int = field(default=0, init=False)

    @classmethod
    def of(cls, site: Site, device: Device) -> OnvifLink:
        """The link to a device of the site; RigFault if it does not let the bench subscribe."""
        assert device.connection is not None
        secret = device_secret(site, device.connection)
        return cls(device, names_of(site), OnvifEvents(device, secret, _is_event))

    def poll(self) -> None:
        """Take what was pulled; a gap may have held an awaited event."""
        while (one := self.pulled.event(self._taken + 1)) is not None:
            self._taken += 1
            if one.notification is None:
                self.unread.append(one.gap)
            elif one.notification.wrong and one.notification.utc is None and not one.notification.topic:
                self.unread.append(one.notification.wrong)
            elif meaning(one.notification) is OnvifEvent.UNREADABLE:
                self.unread.append(unreadable(one.notification))
            else:
                self.take(event_of(one.notification), one.arrived, utc_of(one.arrived.latest))

    def settle(self) -> None:
        """Have the device send its states anew: only then no event is on its way."""
        self.pulled.require_whole(self._taken)

    def answers(self) -> bool:
        """Whether it answers a question now."""
        return self.pulled.replies()

    def can(self, effect: str) -> bool:  # noqa: ARG002 - the shape of PlatformLink
        """Whether it takes this command: it takes none over its events."""
        return False

    def command(self, effect: str, target: str) -> Instant:
        """No command is given over a subscription."""
        raise RigFault(f"takes no command {effect} of {target} over ONVIF events.", device=self.device.id)

    def close(self) -> None:
        """End the subscription."""
        self.pulled.close()


def _is_event(notification: Notification) -> bool:
    found = meaning(notification)
    return found in _KINDS or found is OnvifEvent.UNREADABLE or bool(notification.wrong)
