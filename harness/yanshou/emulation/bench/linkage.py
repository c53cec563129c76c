# SPDX-License-Identifier: Apache-2.0
"""An emulated linkage: an event at one device brings about an effect at another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from yanshou.emulation.site.clockwork import Timer
from yanshou.emulation.site.world import World
from yanshou.model import Device
from yanshou.site import Pair, pair_of

START_S = (0.05, 0.20)
SHOW_S = (0.20, 0.40)
ALSO_S = 0.5
GAP_S = 0.3  # an effect that comes twice is away for so long


class Linkage:
    """Brings its effect about from 0.05–0.20 s after the source's event until that event is over.

    Where a photo sensor before the monitor is wired (``screen``), the camera's picture comes 0.20–0.40 s
    after the event. A contact wired as ``seen`` moves with the effect.
    """

    def __init__(self, device: Device, world: World, devices: Mapping[str, Device]) -> None:
        self.device = device.id
        self._world = world
        self._pair: Pair = pair_of(device, devices)
        self._coming: list[Timer] = []
        self._screen = device.wiring.get("screen", "")
        self._seen = device.wiring.get("seen", "")
        wrong = world.faults.find("linkage_wrong_camera", device.id)
        self._target = str(wrong.value) if wrong else self._pair.target
        also = world.faults.find("linkage_also_camera", device.id)
        self._also = str(also.value) if also else ""
        self._events = 0
        above = devices.get(self._pair.source)
        self._panel = above.parent if above else ""
        if world.faults.has("linkage_at_setting", device.id):
            world.truth.listen(self._heard)
        elif not world.faults.has("linkage_dead", device.id):
            world.on_alarm(self._pair.source, self._event)

    def _heard(self, device: str, what: str, _value: object) -> None:
        """The panel of the source was set or unset; called while it holds a lock, so it only queues."""
        if device == self._panel and what in {"armed", "disarmed"}:
            self._later(START_S[0], self._target, active=what == "armed")

    def _event(self, active: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        for timer in self._coming:
            timer.cancel()
        self._coming.clear()
        if not active:
            for target in (self._target, self._also):
                self._act(target, active=False)
            self._world.drive(self._screen, active=False)
            return
        world, faults = self._world, self._world.faults
        self._events += 1
        misses = faults.find("linkage_misses", self.device)
        if misses and self._events % int(misses.number()) == 0:
            return
        start = world.duration(faults.find("linkage_delay", self.device), *START_S)
        self._later(start, self._target, active=True)
        if again := faults.find("linkage_twice", self.device):
            self._later(start + again.number(), self._target, active=False)
            self._later(start + again.number() + GAP_S, self._target, active=True)
        if self._also:
            self._later(start + ALSO_S, self._also, active=True)
        if not faults.has("linkage_screen_dead", self.device):
            show = world.duration(faults.find("linkage_screen_delay", self.device), *SHOW_S)
            self._coming.append(world.clockwork.after(show, self._show))

    def _later(self, seconds: float, target: str, *, active: bool) -> None:
        self._coming.append(self._world.clockwork.after(seconds, partial(self._act, target, active=active)))

    def _act(self, target: str, *, active: bool) -> None:
        if not target:
            return
        if self._pair.effect == "recording":
            self._world.record(target, self.device, active=active)
            return
        self._world.truth.write(self.device, f"{self._pair.effect}_{'on' if active else 'off'}", target)
        self._world.act(target, self._pair.effect, active=active)
        if target == self._pair.target:
            self._world.drive(self._seen, active=active)

    def _show(self) -> None:
        self._world.truth.write(self.device, "picture_shown", self._target)
        self._world.drive(self._screen, active=True)
