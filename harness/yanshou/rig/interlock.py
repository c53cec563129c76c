# SPDX-License-Identifier: Apache-2.0
"""Lets no stimulus through that nobody released.

That concerns intrusive actions, and every stimulus while a police link is live.

GB 55029-2022 6.0.4 and Art. 10 of the regulation: an alarm of ours must not bring the police out. A link of
the inventory is live unless it says ``live=false``. The question is asked once per session, so again when a
run is resumed. A refusal holds for the whole session.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from yanshou.drivers.field.wiring import parse_terminal
from yanshou.model import Device, DeviceKind, RigFault, Site
from yanshou.model.person import names_somebody
from yanshou.operator import (
    Answer,
    ConfirmQuestion,
    Operator,
    Question,
    ScriptedOperator,
    TextQuestion,
    confirmed,
    message,
    plain,
    settled,
    wording,
)
from yanshou.site import commanded, linked_to, set_off_by

ACTION = "police_test_mode"
_REFUSED = "公安联网 {links} 未确认处于测试状态，未施加任何激励"


class Events(Protocol):
    """Where confirmations are recorded: the journal of a run, or the answer of a check."""

    def event(self, kind: str, **fields: object) -> object: ...


class Interlock:
    """Decides whether a stimulus may be given; ``require`` is called before every one of them."""

    def __init__(self, site: Site, operator: Operator, item_journal: Events) -> None:
        self._site = site
        self._operator = operator
        self._item_journal = item_journal
        self._links = live_links(site)
        self._released = not self._links
        self._witnessed = site.operator.get("witness_confirms") is True
        self._refused = False
        self._answered: dict[str, bool] = {}  # by intrusive action: whether a person released it
        self._circuits: dict[str, list[tuple[Device, str]]] = {}
        for device in site.devices.values():
            for role, wire in device.wiring.items():
                self._circuits.setdefault(_terminal(wire), []).append((device, role))

    def release(self, action: str, device: str) -> None:
        """Let a named person release a kind of intrusive action, once in a session (GB 55029-2022 6.0.4).

        Raises a final RigFault when the site file does not allow it, the person refuses, or the answer names
        nobody.
        """
        if action not in self._site.allow:
            raise RigFault(
                f"现场不允许 {action} / the site does not allow {action}: nothing was stimulated.",
                device=device,
                remedy=f'Agree on it with the client and add "{action}" to [allow] intrusive.',
                final=True,
            )
        if action not in self._answered:
            said = wording("release", self._operator.language, action=message(f"action.{action}"))
            question = ConfirmQuestion(
                f"release.{action}", said.text, wording=said, witnessed=self._witnessed
            )
            answer = settled(self._operator, question, self._item_journal.event)
            released = self._confirmed(answer)
            self._item_journal.event(
                "confirmation",
                **confirmed(question),
                action=action,
                person=answer.person,
                **_seen_by(answer),
                value=released,
            )
            self._answered[action] = released
        if not self._answered[action]:
            what = f"action {action} was not released by the operator."
            raise RigFault(what, device=device, final=True)

    def released_before(self, actions: Iterable[str]) -> None:
        """Take over, in a process beside that of the run, what a person released there in this session.

        With any action stimuli are released at all.
        """
        self._answered |= dict.fromkeys(actions, True)
        self._released = True

    def require_circuit(self, device: Device, role: str) -> None:
        """Return if everything that opening this circuit sets off was allowed and released.

        Else raise RigFault.
        """
        for action in sorted(set_off_by(device, role) | linked_to(self._site, device)):
            self.release(action, device.id)

    def require_contact(self, relay: str) -> None:
        """The same for the circuits that a relay or injector is wired to, by its name (``RELAY-2/6``)."""
        for device, role in self._circuits.get(_terminal(relay), ()):
            self.require_circuit(device, role)

    def require_command(self, effect: str, target: str) -> None:
        """The same for a command of the centre, and that stimuli are released at all."""
        self.require()
        for action in sorted(commanded(self._site, effect, target)):
            self.release(action, target)

    def require(self) -> None:
        """Return if stimuli are released; else raise a final RigFault with the reason."""
        if self._released:
            return
        if self._refused:
            raise self._fault()
        if isinstance(self._operator, ScriptedOperator) and not self._site.emulated:
            raise self._fault("：真实现场须由在场人员确认，不接受预先写好的答复")
        try:
            self._released = self._asked()
        except RigFault as fault:  # nobody answered: asked again before the next stimulus
            raise self._fault(f"：{fault.what}") from fault
        if not self._released:
            self._refused = True
            raise self._fault()

    def _asked(self) -> bool:
        """Ask for the confirmation and for who gave it at the receiving side; both go to the journal."""
        said = wording("police_link.test_mode", self._operator.language, links=self._links)
        question = ConfirmQuestion(said.message, said.text, wording=said, witnessed=self._witnessed)
        answer = settled(self._operator, question, self._item_journal.event)
        named = ""
        if answer.value is True:
            asked = wording("police_link.confirmed_by", self._operator.language)
            who = TextQuestion(asked.message, asked.text, r"\s*\S\s*\S.*", person=True, wording=asked)
            named = self._named(who)
        released = names_somebody(named) and self._confirmed(answer)
        self._note(question, answer, named, released=released)
        return released

    def _named(self, question: Question) -> str:
        answer = settled(self._operator, question, self._item_journal.event)
        return "" if answer.unable or answer.value is None else str(answer.value).strip()

    def _note(self, question: Question, answer: Answer, named: str, *, released: bool) -> None:
        self._item_journal.event(
            "confirmation",
            **confirmed(question, named or answer.unable),
            action=ACTION,
            person=answer.person,
            **_seen_by(answer),
            value=released,
        )

    def _confirmed(self, answer: Answer) -> bool:
        """Whether a named person said yes, and the witness too where the site demands that."""
        if answer.value is not True or not names_somebody(answer.person):
            return False
        apart = plain(answer.witness).casefold() != plain(answer.person).casefold()
        return not self._witnessed or (names_somebody(answer.witness) and apart)

    def _fault(self, why: str = "") -> RigFault:
        return RigFault(_REFUSED.format(links=self._links) + why, final=True)


def _seen_by(answer: Answer) -> dict[str, str]:
    """The field of the journal for a witness who confirmed it as well."""
    return {"witness": answer.witness} if answer.witness else {}


def _terminal(wire: str) -> str:
    """The bench's spelling of a terminal: ``RELAY-2/06`` is ``RELAY-2/6``."""
    terminal = parse_terminal(wire)
    return wire if terminal is None else str(terminal)


def live_links(site: Site) -> str:
    """The ids of the links that really reach the police; empty when there are none."""
    links = site.of_kind(DeviceKind.ALARM_LINK)
    return "、".join(link.id for link in links if link.attributes.get("live", True) is not False)
