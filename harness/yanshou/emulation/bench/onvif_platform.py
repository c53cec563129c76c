# SPDX-License-Identifier: Apache-2.0
"""An emulated platform that tells its events over ONVIF: a client subscribes to them and pulls them."""

from __future__ import annotations

import contextlib

from yanshou.emulation.access.onvif_device import OnvifEventDevice
from yanshou.emulation.access.onvif_events import event_message
from yanshou.emulation.bench.platform import EmulatedPlatform
from yanshou.emulation.site.world import World
from yanshou.model import Device, Site

_TOPICS = {  # by the platform's word: topic, name of the source, item and value of its data
    "intrusionAlarm": ("tns1:Device/Trigger/DigitalInput", "InputToken", "LogicalState", "true"),
    "doorForced": ("tns1:Door/State/DoorAlarm", "DoorToken", "State", "DoorForcedOpen"),
    "fireAlarm": ("tns1:Device/Trigger/DigitalInput", "InputToken", "LogicalState", "true"),
}


class OnvifPlatform(EmulatedPlatform):
    """The same platform, with the same defects, whose events are pulled; it takes no commands."""

    def __init__(self, device: Device, site: Site, world: World, account: tuple[str, str]) -> None:
        self._onvif = OnvifEventDevice(
            device, world.faults, self._states, account, lambda: device.id not in world.down
        )
        super().__init__(device, site, world)

    def _states(self) -> list[str]:
        """One state that never changes: what is sent at a synchronisation point."""
        topic, data = "tns1:Device/Trigger/DigitalInput", {"LogicalState": "false"}
        return [event_message(topic, ("InputToken", "PLATFORM"), data, self._onvif.utc(), "Initialized")]

    def _up(self) -> None:
        self._onvif.start()

    def _down(self) -> None:
        self._onvif.stop()

    def _again(self) -> None:
        self._world.down.discard(self.device)
        with contextlib.suppress(Exception):  # the port is still closing: the bench sees it as down
            self._onvif.start()

    def _tell(self, event: dict[str, object]) -> None:
        topic, source, item, value = _TOPICS.get(str(event["eventType"]), ("", "", "", ""))
        if topic:
            name = str(event["deviceCode"])
            self._onvif.subscriptions.tell(
                event_message(topic, (source, name), {item: value}, self._onvif.utc(), "Changed")
            )
