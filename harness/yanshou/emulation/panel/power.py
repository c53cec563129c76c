# SPDX-License-Identifier: Apache-2.0
"""Mains, battery, lid and bus of the emulated panel: latched troubles, with light and buzzer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.world import World

SHOWN_S = (0.10, 0.30)  # from the trouble to its indication
BOOT_S = 0.3
# the bench's relays at the panel, their effects, and the fault that keeps the panel from indicating them
TROUBLES: Mapping[str, tuple[str, str]] = {
    "mains": ("ac_loss", "mains_fault_silent"),
    "battery": ("battery_fault", "battery_fault_silent"),
    "battery_weak": ("battery_low", "battery_low_silent"),
    "lid": ("cover_tamper", "lid_tamper_dead"),
    "substitute": ("substitution", "substitution_silent"),
}
_WITHOUT_BUZZER = frozenset({"substitution"})


@dataclass(frozen=True, slots=True)
class Powered:
    """What the power side reports to the panel: power lost, power back, a trouble is new or gone."""

    dark: Callable[[], None]
    up: Callable[[], None]
    trouble: Callable[[str], None]


class PanelPower:
    """Troubles latch until a reset finds their cause gone.  Without mains and battery the panel is dark."""

    def __init__(self, device: str, unit: ModbusUnit, world: World, buzzer: str, panel: Powered) -> None:
        self._device = device
        self._unit = unit
        self._world = world
        self._buzzer = buzzer
        self._panel = panel
        self._acting: set[str] = set()
        self.shown: set[str] = set()
        self.alive = True
        self._buzzing = False
        if beeps := world.faults.find("buzzer_beeps", device):
            world.clockwork.after(beeps.number(), lambda: self._beep(beeps.number(), on=True))

    def _beep(self, every_s: float, *, on: bool) -> None:
        """Beep for half of each so many seconds."""
        self._world.drive(self._buzzer, active=on)
        self._world.clockwork.after(every_s / 2, lambda: self._beep(every_s, on=not on))

    @property
    def sound(self) -> bool:
        """Whether mains, battery, lid and bus are all right and shown as such."""
        return not self._acting and not self.shown

    def relay(self, role: str, energised: bool, t: float) -> None:  # noqa: FBT001 - from world.Switch
        """The bench's relay ``role`` at the panel was moved."""
        self._world.truth.write(self._device, f"{role}_{'cut' if energised else 'restored'}", t=t)
        (self._acting.add if energised else self._acting.discard)(role)
        if {"mains", "battery"} <= self._acting:
            self._dies()
        elif not self.alive and not energised:
            self._world.clockwork.after(BOOT_S, self._boots)
        elif energised:
            self._starts(role)
        elif self._has("power_fault_unlatched"):
            self._clear(role)

    def _has(self, kind: str) -> bool:
        return self._world.faults.has(kind, self._device)

    def _starts(self, role: str) -> None:
        if role == "mains" and (weak := self._world.faults.find("battery_exhausted", self._device)):
            self._world.clockwork.after(weak.number(), self._exhausted)
        slow = self._world.faults.find("substitution_delay", self._device) if role == "substitute" else None
        silent = TROUBLES[role][1]
        if not self._has(silent):
            delay = self._world.duration(slow, *SHOWN_S)
            self._world.clockwork.after(delay, lambda: self._show(role))

    def _exhausted(self) -> None:
        """An exhausted battery does not supply the panel."""
        if "mains" in self._acting:
            self._dies()

    def _dies(self) -> None:
        if self.alive:
            self.alive = False
            self._world.truth.write(self._device, "dark")
            self._panel.dark()

    def _boots(self) -> None:
        if not self.alive and "mains" not in self._acting:
            self.alive = True
            self._world.truth.write(self._device, "up")
            self._panel.up()
            for role in sorted(self._acting):
                self._starts(role)

    def _show(self, role: str) -> None:
        shown = TROUBLES[role][0]
        if role not in self._acting or not self.alive or shown in self.shown:
            return
        self.shown.add(shown)
        self._publish()
        self._world.truth.write(self._device, f"{shown}_shown")
        self._panel.trouble(shown)

    def _clear(self, role: str) -> None:
        self.shown.discard(TROUBLES[role][0])
        self._publish()

    def reset(self) -> None:
        """Remove every trouble from the memory whose cause is gone."""
        for role in TROUBLES.keys() - self._acting:
            self._clear(role)

    def _publish(self) -> None:
        with self._unit.image.changing():
            for shown, _silent in TROUBLES.values():
                self._unit.image.put(shown, 1, on=shown in self.shown)
        mute = self._has("buzzer_dead") or self._has("buzzer_beeps")
        buzzing = bool(self.shown - _WITHOUT_BUZZER) and not mute
        if buzzing != self._buzzing:
            self._buzzing = buzzing
            self._world.drive(self._buzzer, active=buzzing)
            self._world.truth.write(self._device, "buzzer_on" if buzzing else "buzzer_off")
