# SPDX-License-Identifier: Apache-2.0
"""Panels as a test sees them; every stimulus and observation is written to the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from yanshou.drivers.capabilities import (
    AlarmPanel,
    CircuitStimulus,
    ContactInput,
    EventLog,
    Keypad,
)
from yanshou.equipment.alarm_stock import Timed
from yanshou.equipment.zone import Zone, circuit_actions
from yanshou.model import Device, Instant, RigFault, now
from yanshou.model.signal import PanelSignal, Signal, Watched, ZoneSignal
from yanshou.rig.item_journal import ItemJournal

_POLL_S = 0.02
_SCAN_MS = 100.0  # assumed where nobody stated it
_LATCHED = (ZoneSignal.ALARM, ZoneSignal.TAMPER, ZoneSignal.FAULT)
CLASSES = (ZoneSignal.ALARM, ZoneSignal.HOLD_UP, ZoneSignal.TAMPER, ZoneSignal.FAULT)
_TROUBLES = (
    PanelSignal.MAINS,
    PanelSignal.BATTERY,
    PanelSignal.BATTERY_LOW,
    PanelSignal.LID,
    PanelSignal.SUBSTITUTION,
)
_DARK_S = 30.0  # seconds of charge in the capacitors
_ASK_S = 1.0
_SILENT = 3
_BOOT_S = 60.0  # longest time a panel takes to start


Contact = Callable[[], ContactInput]  # watched from the first listening on, since a watch costs polls


@dataclass(frozen=True, slots=True)
class PanelWires:
    """What of a panel is wired to the bench, and what its interface offers besides the zones."""

    circuits: CircuitStimulus | None = None
    siren: Contact | None = None
    buzzer: Contact | None = None
    notify: Contact | None = None
    log: EventLog | None = None
    keypad: Keypad | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A control and indicating equipment (CIE).

    ``patience`` is the longest wait for an indication, in seconds.
    """

    device: Device
    inner: AlarmPanel
    item_journal: ItemJournal
    patience: float
    wires: PanelWires = field(default_factory=PanelWires)
    zone_numbers: frozenset[int] = frozenset()  # of the inventory
    strays: list[str] = field(default_factory=list)  # partitions that changed while another was commanded
    timed: list[Timed] = field(default_factory=list)  # every alarm that was timed in this run
    _armed: set[int] = field(default_factory=set)
    _unset: set[int] = field(default_factory=set)
    _disturbed: set[str] = field(default_factory=set)

    @property
    def scan_s(self) -> float:
        """The period in which it scans its zones, in seconds; what comes within one is shown in any order."""
        return self.device.quantity("scan_ms", "ms", _SCAN_MS) / 1000

    # -- setting --------------------------------------------------------------------------------------------

    def arm(self, zone: Zone) -> None:
        """Set the zone's partition, unless it is set already."""
        if not self.inner.is_armed(zone.partition):
            with self._watching_others(zone, "设防"):
                self.inner.arm(zone.partition)
            self._note("armed", self.device.id, zone.partition)
        self._armed.add(zone.partition)
        self._unset.discard(zone.partition)

    def sets_within(self, seconds: float, zone: Zone) -> bool:
        """Whether the panel accepts setting now; it is unset again at once."""
        with self._watching_others(zone, "试设防"):
            accepted = self.inner.try_arm(zone.partition, within=seconds)
        self._note("setting accepted" if accepted else "setting refused", self.device.id, zone.partition)
        if accepted:
            with self._watching_others(zone, "撤防"):
                self.inner.disarm(zone.partition)
        self._unset.add(zone.partition)
        return accepted

    def is_armed(self, partition: int = 1) -> bool:
        """Whether the partition is shown as set now."""
        armed = self.inner.is_armed(partition)
        self._note("armed" if armed else "disarmed", self.device.id, partition)
        return armed

    def disarm(self, zone: Zone) -> None:
        """Unset the zone's partition; a partition this test has set is not read first."""
        if zone.partition in self._armed or self.inner.is_armed(zone.partition):
            with self._watching_others(zone, "撤防"):
                self.inner.disarm(zone.partition)
            self._note("disarmed", self.device.id, zone.partition)
        self._armed.discard(zone.partition)
        self._unset.add(zone.partition)

    @contextmanager
    def _watching_others(self, zone: Zone, text: str) -> Iterator[None]:
        """Note every other partition that was set or unset while this one was commanded."""
        before = self.inner.armed()
        yield
        followed = sorted((self.inner.armed() ^ before) - {zone.partition})
        self.strays.extend(f"{zone.partition} 分区{text}时 {number} 分区设防状态改变" for number in followed)
        if followed:
            self._note("other partitions changed", self.device.id, followed)

    def put_unset(self, zone: Zone) -> None:
        """Unset the zone's partition, whoever set it, after reading the panel."""
        if self.inner.is_armed(zone.partition):
            with self._watching_others(zone, "撤防"):
                self.inner.disarm(zone.partition)
        self._armed.discard(zone.partition)
        self._unset.add(zone.partition)

    def reset(self) -> None:
        """The manual reset."""
        self.inner.reset()

    # -- what a zone shows ----------------------------------------------------------------------------------

    def reports(self, signal: Signal) -> bool:
        """Whether the panel's interface can show this signal at all."""
        return self.inner.reports(signal)

    def shows(self, zone: Zone, signal: ZoneSignal) -> bool:
        """Whether the zone shows the signal now."""
        seen = self.inner.shows(zone.number, signal)
        self.item_journal.observation(signal.value, self._via(zone), None, seen)
        return seen

    def shown(self, signal: ZoneSignal) -> frozenset[int]:
        """The numbers of all zones that show the signal now."""
        numbers = self.inner.shown(signal)
        self._note(signal.value, self.device.id, sorted(numbers))
        return numbers

    def wait_for(self, zone: Zone, signal: ZoneSignal, *, since: Instant) -> Instant | None:
        """When the zone came to show the signal; None if it did not within ``patience`` plus entry time.

        After a miss it waits as long again: an alarm that comes during the next trigger would be taken for a
        fast answer to that one.
        """
        within = self.patience + zone.entry_s
        seen = self.inner.wait_for(zone.number, signal, since=since, within=within)
        self._answered(zone, signal, since, seen)
        if seen is None:
            self.require_left_alone(zone)
            late = self.inner.wait_for(zone.number, signal, since=since, within=within + self.patience)
            self.item_journal.observation(f"{signal.value} too late", self._via(zone), late)
        return seen

    def _answered(self, zone: Zone, signal: ZoneSignal, since: Instant, seen: Instant | None) -> None:
        self.item_journal.observation(signal.value, self._via(zone), seen)
        if seen is not None and signal is ZoneSignal.ALARM and zone.alone:
            self.timed.append(Timed(self.item_journal.item, zone.device.id, since, seen))

    def wait_within(self, zone: Zone, signal: ZoneSignal, *, since: Instant, within: float) -> Instant | None:
        """When the zone came to show the signal; None when it did not within ``within`` seconds."""
        seen = self.inner.wait_for(zone.number, signal, since=since, within=within)
        return self.item_journal.observation(signal.value, self._via(zone), seen)

    def wait_any(self, zone: Zone, signals: Sequence[ZoneSignal], *, since: Instant) -> ZoneSignal | None:
        """The first of ``signals`` the zone came to show; None if it showed none within ``patience``.

        It waits for all of them together: ``patience`` plus entry time, and after a miss ``patience`` again,
        as :meth:`wait_for` does.
        """
        within = self.patience + zone.entry_s
        first = self._first_of(zone, signals, since, within)
        if first is None:
            for signal in signals:
                self.item_journal.observation(signal.value, self._via(zone), None)
            self.require_left_alone(zone)
            late = self._first_of(zone, signals, since, within + self.patience)
            if late is not None:
                self.item_journal.observation(f"{late[0].value} too late", self._via(zone), late[1])
            return None
        self._answered(zone, first[0], since, first[1])
        return first[0]

    def _first_of(
        self, zone: Zone, signals: Sequence[ZoneSignal], since: Instant, within: float
    ) -> tuple[ZoneSignal, Instant] | None:
        """The signal the zone came to show first, and when; None if none came ``within`` so many seconds."""
        reported = [signal for signal in signals if self.inner.reports(signal)]
        while now() < since.latest + within:
            if any(self.inner.shows(zone.number, signal) for signal in reported):
                break
            time.sleep(_POLL_S)
        waited = min(within, now() - since.latest)  # whatever showed itself meanwhile, if only for a moment
        found = [(one, self.inner.wait_for(zone.number, one, since=since, within=waited)) for one in reported]
        seen = [(one, instant) for one, instant in found if instant is not None]
        return min(seen, key=lambda pair: pair[1].latest, default=None)

    def classes(self, zone: Zone) -> set[ZoneSignal]:
        """The classes of alarm the zone shows now; a hold-up alarm is counted once."""
        reported = [signal for signal in CLASSES if self.inner.reports(signal)]
        shown = {signal for signal in reported if self.inner.shows(zone.number, signal)}
        self._note("classes", self._via(zone), sorted(shown))
        return shown - {ZoneSignal.ALARM} if ZoneSignal.HOLD_UP in shown else shown

    def wait_gone(self, zone: Zone, signal: ZoneSignal) -> bool:
        """Whether the zone ceased to show the signal within ``patience``."""
        return not self._still_shown([(zone, signal)])

    def _still_shown(self, shown: Sequence[tuple[Zone, ZoneSignal]]) -> list[tuple[Zone, ZoneSignal]]:
        """Those of ``shown`` that did not cease within ``patience``, which is one for all of them."""
        end = now() + self.patience
        while shown := [(zone, one) for zone, one in shown if self.inner.shows(zone.number, one)]:
            if now() > end:
                break
            time.sleep(_POLL_S)
        return list(shown)

    def watch(
        self,
        zone: Zone,
        signal: ZoneSignal,
        *,
        shown: bool,
        seconds: float,
        since: Instant | None = None,
    ) -> Watched:
        """Watch whether the signal stays shown, or stays absent, from now or from ``since`` on."""
        watched = self.inner.watch(zone.number, signal, shown=shown, seconds=seconds, since=since)
        self._watched(signal, self._via(zone), watched, shown=shown)
        if not watched.held:
            self.require_left_alone(zone)
        return watched

    def entering(self, zone: Zone, *, since: Instant) -> bool | None:
        """Whether the entry time of the zone's partition began; None if the panel does not show it."""
        if not self.inner.reports(PanelSignal.ENTRY):
            return None
        seen = self.inner.wait_for(zone.partition, PanelSignal.ENTRY, since=since, within=self.patience)
        return self.item_journal.observation(PanelSignal.ENTRY.value, self.device.id, seen) is not None

    # -- what the panel shows of itself ---------------------------------------------------------------------

    def wired(self, role: str) -> bool:
        """Whether the bench has a relay in this circuit of the panel: lid, mains, battery."""
        return self.wires.circuits is not None and self.wires.circuits.has(role)

    def disturb(self, role: str) -> Instant:
        """Open the lid, cut the mains, pull the battery, by the bench's relay."""
        assert self.wires.circuits is not None  # asserted by ``wired``
        self._disturbed.add(role)
        return self.item_journal.stimulus(
            circuit_actions(role)[0], self.device.id, self.wires.circuits.disturb(role)
        )

    def mend(self, role: str) -> Instant:
        """Restore the circuit ``role`` of the panel."""
        assert self.wires.circuits is not None
        instant = self.item_journal.stimulus(
            circuit_actions(role)[1], self.device.id, self.wires.circuits.restore(role)
        )
        self._disturbed.discard(role)
        return instant

    def wait_trouble(self, signal: PanelSignal, *, since: Instant) -> Instant | None:
        """When the panel came to show the trouble; None when it did not within ``patience``."""
        seen = self.inner.wait_for(1, signal, since=since, within=self.patience)
        return self.item_journal.observation(signal.value, self.device.id, seen)

    def watch_trouble(self, signal: PanelSignal, *, shown: bool, seconds: float) -> Watched:
        """Watch whether the trouble stays shown, or stays absent."""
        watched = self.inner.watch(1, signal, shown=shown, seconds=seconds)
        self._watched(signal, self.device.id, watched, shown=shown)
        return watched

    def require_dark(self, seconds: float) -> None:
        """Wait until the panel stops answering without power, then leave it so for ``seconds``.

        Raises RigFault if it keeps answering: then the bench did not cut the supply.
        """
        end = now() + _DARK_S
        while self._answers():
            if now() > end:
                raise RigFault(
                    "still answers with its mains and battery cut by the bench.",
                    device=self.device.id,
                    remedy="Check the relays in its mains and battery leads.",
                    final=True,
                )
            time.sleep(_POLL_S)
        self._note("dark", self.device.id, value=True)
        time.sleep(seconds)

    def answers_for(self, seconds: float, *, since: Instant) -> float:
        """How long it answered from ``since`` on, in seconds, at most ``seconds``.

        It counts as dark after three missing answers in a row. The caller checks that it answers again later,
        because a broken connection looks the same.
        """
        lasted, silent = 0.0, 0
        while silent < _SILENT and lasted < seconds:
            if self._answers():
                lasted, silent = min(seconds, now() - since.latest), 0
            else:
                silent += 1
            time.sleep(min(_ASK_S, max(0.0, since.latest + seconds - now())) if not silent else _POLL_S)
        self._note("answered for", self.device.id, lasted)
        return lasted

    def _answers(self) -> bool:
        try:
            self.inner.is_armed(1)
        except RigFault:
            return False
        return True

    def wait_alive(self) -> None:
        """Wait until the panel answers again; RigFault if it does not within a minute."""
        end = now() + _BOOT_S
        while True:
            try:
                self.inner.is_armed(1)
            except RigFault:
                if now() > end:
                    raise
                time.sleep(_POLL_S)
            else:
                return

    # -- what is heard --------------------------------------------------------------------------------------

    def listen(self) -> None:
        """Begin to watch the siren, buzzer and notification, before the stimulus that is to sound them."""
        for contact in (self.wires.siren, self.wires.buzzer, self.wires.notify):
            if contact is not None:
                contact()

    def quiet(self) -> bool:
        """Whether the siren is wired to the bench and does not sound now; it is watched from here on."""
        return self.wires.siren is not None and not self.wires.siren().is_active()

    def sounded(self, *, since: Instant) -> bool | None:
        """Whether the siren output operated; None if the bench is not wired to it."""
        return self._operated(self.wires.siren, "siren", since)

    def buzzed(self, *, since: Instant) -> bool | None:
        """Whether the buzzer sounded; None if the bench is not wired to it."""
        return self._operated(self.wires.buzzer, "buzzer", since)

    def buzzes_at_rest(self) -> bool:
        """Whether the buzzer sounds with nothing disturbed, now or within ``patience``; then it proves none.

        A panel may beep for another trouble now and then: that would be taken for the sound of this one.
        """
        if self.wires.buzzer is None:
            return False
        buzzer, begun = self.wires.buzzer(), now()
        beeped = buzzer.is_active() or buzzer.wait_active(since=Instant(begun, begun), within=self.patience)
        self._note("buzzer with nothing disturbed", self.device.id, bool(beeped))
        return bool(beeped)

    def notified(self, *, since: Instant, within: float = 0.0) -> Instant | None:
        """When the contact towards the centre operated; None if it did not in time."""
        assert self.wires.notify is not None
        seen = self.wires.notify().wait_active(since=since, within=max(within, self.patience))
        return self.item_journal.observation("notify", self.device.id, seen)

    def _operated(self, contact: Contact | None, what: str, since: Instant) -> bool | None:
        if contact is None:
            return None
        seen = contact().wait_active(since=since, within=self.patience)
        return self.item_journal.observation(what, self.device.id, seen) is not None

    # -- the inventory --------------------------------------------------------------------------------------

    def number_of(self, attribute: str, unit: str) -> float:
        """A numeric attribute of the panel in the inventory, in ``unit``: ``battery_ah`` in Ah."""
        if self.device.attributes.get(attribute) is None:
            raise RigFault(
                f"the inventory does not state its {attribute}.",
                device=self.device.id,
                remedy=f"Add `{attribute}=…` to its attributes.",
                final=True,
            )
        return self.device.quantity(attribute, unit, 0.0)

    # -- rest -----------------------------------------------------------------------------------------------

    def require_left_alone(self, zone: Zone, *, in_alarm: bool = False) -> None:
        """Raise RigFault if the partition is not as this test left it: its indications prove nothing.

        A timer of the panel, a person at a keypad or the panel itself may have set or unset it. ``in_alarm``:
        the zone shows its alarm, which may be all it shows; then only what is shown as unset is.
        """
        partition = zone.partition
        unset = self.inner.is_unset if in_alarm else lambda number: not self.inner.is_armed(number)
        if partition in self._armed and unset(partition):
            changed = "unset"
        elif partition in self._unset and self.inner.is_armed(partition):
            changed = "set"
        else:
            return
        raise RigFault(
            f"partition {partition} was {changed} during the test, not by us.",
            device=self.device.id,
            remedy="Switch its timer off, keep people from the keypads, and test again.",
        )

    def bring_to_rest(self, zone: Zone) -> None:
        """Loops closed, unset, alarm memory cleared: the state a test begins and ends in."""
        zone.restore()
        self.disarm(zone)
        self._require_no_bypass(zone)
        latched = [one for one in _LATCHED if self.inner.reports(one)]
        if any(self.inner.shows(zone.number, signal) for signal in latched):
            self.clear(zone)

    def _require_no_bypass(self, zone: Zone) -> None:
        """Raise RigFault if the zone is bypassed: whoever did that, what it does not show proves nothing."""
        shown = [(zone, ZoneSignal.BYPASS)] if self.inner.reports(ZoneSignal.BYPASS) else []
        if self._still_shown(shown):
            raise RigFault(
                f"zone {zone.number} is bypassed.",
                device=self.device.id,
                remedy="Take the bypass back at the panel, and test again.",
            )

    def clear(self, *zones: Zone) -> None:
        """Close the loops of ``zones`` and reset until none shows an alarm; set partitions stay set."""
        for zone in zones:
            zone.restore()
        latched = [(zone, signal) for zone in zones for signal in _LATCHED if self.inner.reports(signal)]
        for _ in range(2):  # a panel keeps an alarm until it has seen the loop closed
            self.reset()
            stuck = self._still_shown(latched)
            if not stuck:
                return
        zone, signal = stuck[0]
        raise RigFault(
            f"zone {zone.number} still shows {signal.value} with its loops closed and after a reset.",
            device=self.device.id,
            remedy="Clear it at the panel, or check the wiring with the panel's own display.",
        )

    def mend_all(self) -> None:
        """Restore every circuit of the panel that was disturbed, and wait until it answers."""
        for role in sorted(self._disturbed):
            self.mend(role)
        self.wait_alive()

    def bring_itself_to_rest(self) -> None:
        """Lid closed, mains and battery on, and no trouble of the panel shown."""
        self.mend_all()
        reported = [signal for signal in _TROUBLES if self.inner.reports(signal)]
        if not any(self.inner.shows(1, signal) for signal in reported):
            return
        self.reset()
        end = now() + self.patience
        while still := [signal.value for signal in reported if self.inner.shows(1, signal)]:
            if now() > end:
                raise RigFault(
                    f"still shows {', '.join(still)} after a reset.",
                    device=self.device.id,
                    remedy="Clear it at the panel: its lid, mains, battery and bus are as found.",
                )
            time.sleep(_POLL_S)

    def _via(self, zone: Zone) -> str:
        return f"{self.device.id}/{zone.number}"

    def _note(self, what: str, via: str, value: object) -> None:
        self.item_journal.note("observation", what=what, via=via, instant=None, value=value)

    def _watched(self, signal: Signal, via: str, watched: Watched, *, shown: bool) -> None:
        what = f"{signal.value} {'stays' if shown else 'stays away'}"
        self.item_journal.note("observation", what=what, via=via, instant=watched.changed, value=watched.held)
