# SPDX-License-Identifier: Apache-2.0
"""One pair of the linkage matrix as a test sees it: it fires the source and watches every target."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle

from yanshou.equipment.firing import PersonSource, Source
from yanshou.equipment.reactions import EffectPlace, WatchedEffect, WatchedTogether
from yanshou.model import Instant, RigFault, Text, now
from yanshou.rig.item_journal import ItemJournal
from yanshou.site import Pair
from yanshou.vocabulary.linkage import EFFECTS, EVENTS

_POLL_S = 0.02
_RESTS_S = 15.0  # a lock may be set to stay released for some seconds
_LONGEST_WAY_S = 60.0  # no report is held back for longer
_AGAIN_S = 2.0  # after the effect of a repeated event: what follows from the event comes beside its effect
_REPORTS = frozenset({"message", "police"})
_LASTING = frozenset({"recording", "picture", "lock", "fire_release", "power_off"})
_ONCE = frozenset({"police", "preset", "power_off"})  # nobody is called, asked or cut off again and again


def place_text(place: EffectPlace) -> str:
    """``CAM-2 录像``: a place in the words of the report."""
    return f"{place.target} {EFFECTS.values[place.effect][0]}"


@dataclass(frozen=True, slots=True)
class Fired:
    """What followed when the source of a pair was fired.

    ``begun`` is each time the designed effect began; ``beside`` are the effects nobody designed, ``shown``
    what the source's own system did not show, ``strays`` what it showed elsewhere, in words.
    """

    at: Instant
    begun: tuple[Instant, ...]
    pulses: bool
    beside: tuple[EffectPlace, ...]
    shown: str
    strays: tuple[str, ...]
    unwatched: Mapping[str, str] = field(default_factory=dict)  # why an effect beside was not watched
    reported: tuple[str, ...] = ()  # oddities of the reports about it, in words
    ended: bool = False  # the effect began and was gone again while its event still stood

    @property
    def seen(self) -> Instant | None:
        """When the designed effect first began; None if it did not in time."""
        return self.begun[0] if self.begun else None

    @property
    def twice(self) -> bool:
        """Whether the effect began more than once, where that is not its nature."""
        return len(self.begun) > 1 and not self.pulses

    @property
    def remarks(self) -> tuple[str, ...]:
        """In words, which effects were not watched and why, and what was odd about reports."""
        listed = "；".join(f"{what}（{why}）" for what, why in self.unwatched.items())
        return ((f"未能观察是否误动作：{listed}",) if listed else ()) + self.reported


def unplanned_effects(fired: Fired) -> list[str]:
    """What nobody designed, in words: effects, and what systems showed elsewhere."""
    return [*(f"未设计的联动 {place_text(one)}" for one in fired.beside), *fired.strays]


class PairState(StrEnum):
    """How a pair behaved, the gravest first; the reports colour the matrix by it."""

    WRONG = "wrong"  # another target in place of the designed one
    MISSING = "missing"
    LATE = "late"
    TWICE = "twice"
    BESIDE = "beside"  # the designed target, and others
    UNKNOWN = "unknown"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """The state of a pair, and everything that was wrong in words; none where it is right."""

    state: PairState
    wrong: tuple[str, ...]


def outcome_of(
    pair: Pair, fired: Fired, *, happened: bool, late: str, patience: float, mistaken: str = ""
) -> PairOutcome:
    """What became of a pair that was fired.

    ``happened``: the designed effect was seen, by the bench or a person; ``late``: why it was too late, empty
    if it was not. ``mistaken``: what was shown in place of the target, in words. An effect that only another
    target showed is a wrong target, not a missing one.
    """
    instead = [one for one in fired.beside if one.effect == pair.effect]
    beside = [one for one in fired.beside if happened or one not in instead]
    designed = place_text(EffectPlace(pair.target, pair.effect))
    found: list[tuple[PairState, str]] = []
    if mistaken:
        found.append((PairState.WRONG, f"目标错误：设计为 {designed}，{mistaken}"))
    elif not happened and instead:
        names = "、".join(map(place_text, instead))
        found.append((PairState.WRONG, f"目标错误：设计为 {designed}，实际为 {names}"))
    elif not happened:
        why = fired.shown or f"{patience:g} s 内无动作"
        found.append((PairState.MISSING, f"未联动：{designed}（{why}）"))
    elif fired.shown:
        found.append((PairState.UNKNOWN, fired.shown))
    if happened and late:
        found.append((PairState.LATE, f"迟到：{designed} {late}"))
    if fired.twice:
        found.append((PairState.TWICE, f"重复动作：{designed} {len(fired.begun)} 次"))
    if beside:
        found.append((PairState.BESIDE, f"未设计的联动：{'、'.join(map(place_text, beside))}"))
    found += [(PairState.BESIDE, one) for one in fired.strays]
    return PairOutcome(found[0][0] if found else PairState.RIGHT, tuple(reason for _, reason in found))


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who reports what happens: ``others`` are reports that have nothing to do with the pair.

    ``remarks`` are oddities of the reports themselves; both in words. ``require_readable`` raises RigFault if
    something could not be read, which may have been an awaited report.
    """

    begin: Callable[[], None]
    require_readable: Callable[[], None]
    others: Callable[[Instant], list[str]]
    remarks: Callable[[Instant], list[str]]


@dataclass(frozen=True, slots=True)
class DesignedPair:
    """One designed pair.

    ``target`` is None if a person watches it; ``others`` are the effects the bench can see that no linkage of
    this source brings about. ``patience`` is how long an effect is waited for, in seconds.
    """

    pair: Pair
    source: Source
    target: WatchedEffect | None
    others: Sequence[WatchedEffect]
    item_journal: ItemJournal
    patience: float
    witnesses: Sequence[Witness] = ()
    rests_s: float = _RESTS_S

    @property
    def title(self) -> str:
        """``D02 开锁``: what the pair is designed to bring about."""
        return place_text(EffectPlace(self.pair.target, self.pair.effect))

    @property
    def effect_text(self) -> Text:
        """The effect in both languages, for a question."""
        return Text(EFFECTS.values[self.pair.effect][0], self.pair.effect.replace("_", " "))

    @property
    def waits(self) -> float:
        """How long the effect is waited for, in seconds: longer than its deadline."""
        return max(self.patience, (self.pair.deadline_s or 0.0) + 1.0)

    def running(self) -> bool:
        """Whether the designed effect is there already, though it was given time to end."""
        until = now() + max(self.patience, self.rests_s)
        while self.target is not None and self.target.active():
            if now() > until:
                return True
            time.sleep(_POLL_S)
        return False

    def _begun(self, at: Instant) -> tuple[Instant, ...]:
        """When the effect began, the first time within its time; empty if that was later."""
        begun = tuple(self.target.begun(at)) if self.target else ()
        return begun if begun and begun[0].earliest <= at.latest + self.waits else ()

    @property
    def by_machine(self) -> bool:
        """Whether the bench fires the source and sees the effect, so that it can be done again."""
        person = self.target is None or isinstance(self.source, PersonSource)
        return not person and self.pair.effect not in _ONCE

    def _make_ready(self) -> None:
        """Bring the source into its state; RigFault if that brings the effect about.

        A panel may switch a lamp or a recording with its setting: then the effect comes without the event.
        """
        if not self.source.prepare():
            return
        until = now() + (self.pair.deadline_s or self.patience)
        while now() < until:
            self._require_absent()
            time.sleep(_POLL_S)

    def _require_absent(self) -> None:
        """Raise RigFault if the designed effect is there: what is there before the event proves nothing."""
        if self.target is not None and self.target.active():
            raise RigFault("联动目标在触发前已在动作，无法判断", device=self.pair.device.id, final=True)

    def _ended(self, begun: Sequence[Instant]) -> bool:
        """Whether the effect, which has to last as long as its event, began and is gone before that."""
        if not begun or self.target is None or self.pair.effect not in _LASTING:
            return False
        parts = self.target.parts if isinstance(self.target, WatchedTogether) else (self.target,)
        return not all(one.active() for one in parts)

    def fire(self, *, again: bool = False) -> Fired:
        """Fire the source, watch everything until the time for the effect is over, and end the event.

        ``again``: it was fired before. That time showed what making it ready does and, over the whole time,
        what else the event does; now the question is whether the effect comes each time. Everything is
        watched until it has come, and for some seconds more; a report, which may come twice, the whole time.
        """
        if again:
            self.source.prepare()
        else:
            self._make_ready()
        unwatched: dict[str, str] = {}
        others = self._at_rest(unwatched)
        for witness in self.witnesses:
            witness.begin()
        held_back = self._held_back()
        enough_s = _AGAIN_S if again and self.pair.effect not in _REPORTS else math.inf
        self._require_absent()  # last of all: whatever looks at many devices takes its time
        at = self.source.fire()
        self._watch(others, at, at.latest + self.waits + held_back, enough_s)
        begun = self._begun(at)
        if self.pair.effect in _REPORTS and not begun:
            for witness in self.witnesses:
                witness.require_readable()
            begun = self._begun(at)  # that may have brought what was on its way
        beside = tuple(one.place for one in others if one.begun(at))
        fired = Fired(
            at,
            begun,
            self.target.pulses if self.target else False,
            beside,
            self.source.shown(at),
            (*self.source.strays(), *(remark for one in self.witnesses for remark in one.others(at))),
            unwatched,
            tuple(remark for one in self.witnesses for remark in one.remarks(at)),
            self._ended(begun),
        )
        self.source.end()
        self._note(fired)
        return fired

    def figure(
        self, fired: Fired, outcome: PairOutcome, timed: tuple[float, float] | None
    ) -> dict[str, object]:
        """The numbers of the matrix' cell: ``timed`` is the latency in seconds and its U."""
        pair = self.pair
        cell = {
            "source": pair.source,
            "event": pair.event,
            "target": pair.target,
            "effect": pair.effect,
            "deadline_s": pair.deadline_s,
            "latency_s": timed[0] if timed else None,
            "U_s": timed[1] if timed else None,
            "state": outcome.state.value,
        }
        beside = [
            {"source": pair.source, "event": pair.event, "target": one.target, "effect": one.effect}
            for one in fired.beside
        ]
        labels = {
            word: {"zh": names[0], "en": word.replace("_", " ")}
            for table in (EVENTS, EFFECTS)
            for word, names in table.values.items()
            if word in {pair.event, pair.effect, *(one.effect for one in fired.beside)}
        }
        return {"pairs": [cell], "beside": beside, "words": labels}

    def _held_back(self) -> float:
        """How much longer to watch for reports, in seconds.

        A report of the stimulus before this one may have been held back and come now, and look fast. Then
        that of this one is held back as long, and is seen as a second one in this time.
        """
        before = self.item_journal.last_stimulus(self.pair.source)
        age = math.inf if before is None else now() - before
        return age if self.pair.effect in _REPORTS and age < _LONGEST_WAY_S else 0.0

    def _at_rest(self, unwatched: dict[str, str]) -> list[WatchedEffect]:
        """The other effects that are absent now; why one shows nothing goes into ``unwatched``."""
        found: list[WatchedEffect] = []
        for one in self.others:
            try:
                if one.active():
                    unwatched[place_text(one.place)] = "触发前已在动作"
                else:
                    found.append(one)
            except RigFault as fault:
                unwatched[place_text(one.place)] = fault.what
        return found

    def _watch(self, others: Sequence[WatchedEffect], at: Instant, until: float, enough_s: float) -> None:
        """Look at the target each time, and at the others in turn.

        Up to ``until``, or until the effect of the event ``at`` was there for ``enough_s`` seconds.
        """
        turn = cycle(others)
        while now() < until:
            if self.target is not None:
                self.target.poll()
                begun = self._begun(at) if math.isfinite(enough_s) else ()
                until = min(until, begun[0].latest + enough_s) if begun else until
            if others:
                next(turn).poll()
            time.sleep(_POLL_S)
        for one in others:  # where there are many, the time was too short for all their turns
            one.poll()

    def _note(self, fired: Fired) -> None:
        pair = self.pair
        seen = [one.as_pair() for one in fired.begun]
        self.item_journal.observation(f"{pair.effect} began", pair.target, fired.seen, seen)
        for place in fired.beside:
            self.item_journal.note(
                "observation", what=f"{place.effect} not designed", via=place.target, instant=None, value=True
            )
