# SPDX-License-Identifier: Apache-2.0
"""What ``yanshou check`` asks of the devices themselves: who answers, and which circuit each relay opens."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yanshou.cli.commands.run import emulated
from yanshou.cli.language import N_, _, spoken
from yanshou.cli.output import print_table
from yanshou.commissioning.reach import Reached, reach
from yanshou.commissioning.wiring_check import (
    CircuitFinding,
    Release,
    Released,
    Tripped,
    WiringCheck,
    release,
    whereabouts,
)
from yanshou.model import Site
from yanshou.model.trouble import Mistake
from yanshou.rig.interlock import Interlock
from yanshou.rig.opening import opened_bench
from yanshou.site import load_site

_FINDINGS = {
    CircuitFinding.RIGHT: N_("right"),
    CircuitFinding.WRONG: N_("opens another circuit"),
    CircuitFinding.SEVERAL: N_("opens others, too"),
    CircuitFinding.SILENT: N_("opens nothing"),
    CircuitFinding.UNTOLD: N_("not reported by the system"),
}
_GOOD = (CircuitFinding.RIGHT, CircuitFinding.UNTOLD)


@dataclass(frozen=True, slots=True)
class _Walked:
    """What the walk of the bench found, and who released it."""

    relays: Sequence[Tripped]
    released: Sequence[Release]

    def as_answer(self) -> dict[str, object]:
        return {
            "relays": [one.as_answer() for one in self.relays],
            "released": [{"action": one.action, "person": one.person} for one in self.released],
        }


@dataclass(frozen=True, slots=True)
class Live:
    """What was asked of a site: its devices with ``--reach``, its bench with ``--bench``."""

    reached: Sequence[Reached]
    walked: _Walked | None

    def mistakes(self) -> Iterator[Mistake]:
        """Each device that does not answer, each relay that does not open its own circuit alone."""
        yield from (_silent(one) for one in self.reached if one.fault)
        yield from _miswired(self.walked)

    def as_answer(self) -> dict[str, object]:
        """What ``--json`` adds to the answer."""
        return {"bench": self.walked.as_answer()} if self.walked else {}

    def show(self) -> None:
        """The same for a person."""
        if self.reached:
            heads = (_("device"), _("answers"), "")
            rows = [
                (one.device.id, "✗" if one.fault else "✓", one.fault or one.answer) for one in self.reached
            ]
            print_table(heads, rows)
        if self.walked:
            _show_walk(self.walked)


def asked(options: argparse.Namespace) -> Live:
    """Ask the devices of a site that is in order."""
    with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
        site = load_site(options.site)
        reached = list(reach(site)) if options.reach else []
        return Live(reached, _walk(site, options) if options.bench else None)


def _walk(site: Site, options: argparse.Namespace) -> _Walked:
    from yanshou.fixtures.prepare import operator_of  # noqa: PLC0415 - brings pytest in

    operator, released = operator_of(site, options.operator, language=spoken()), Released()
    interlock = Interlock(site, operator, released)
    interlock.require()
    release(site, interlock)
    with opened_bench(site, permit=interlock.require, gate=interlock) as bench:
        return _Walked(WiringCheck(site, bench).walk(), released.all)


def _show_walk(walked: _Walked) -> None:
    for one in walked.released:
        print(_("%(action)s released by %(person)s") % {"action": one.action, "person": one.person})
    heads = (_("relay"), _("by the inventory"), _("opened"), "")
    print_table(heads, [_row(one) for one in walked.relays])
    wrong = list(_miswired(walked))
    print("\n".join(str(mistake) for mistake in wrong) or _("every relay opens its own circuit"))


def _row(one: Tripped) -> tuple[str, str, str, str]:
    opened = ", ".join(" ".join(circuit) for circuit in sorted(one.opened))
    mark = (
        "✓" if one.finding is CircuitFinding.RIGHT else "·" if one.finding is CircuitFinding.UNTOLD else "✗"
    )
    return one.relay, " ".join(one.expected), opened or "—", f"{mark} {_(_FINDINGS[one.finding])}"


def _miswired(walked: _Walked | None) -> Iterator[Mistake]:
    """One line for each relay that does not open its own circuit alone, with where that was found."""
    for one in walked.relays if walked else ():
        if one.finding not in _GOOD:
            yield _mistake(one.place, _("%(relay)s: %(what)s.") % _sentence(one), _remedy(one, walked))


def _sentence(one: Tripped) -> dict[str, str]:
    opened = ", ".join(" ".join(circuit) for circuit in sorted(one.opened))
    both = {"opened": opened, "own": " ".join(one.expected)}
    words = {
        CircuitFinding.SILENT: _("opens nothing, the inventory has it in %(own)s") % both,
        CircuitFinding.WRONG: _("opens %(opened)s, the inventory has it in %(own)s") % both,
    }
    several = _("opens %(opened)s, the inventory has it in %(own)s alone") % both
    return {"relay": one.relay, "what": words.get(one.finding, several)}


def _remedy(one: Tripped, walked: _Walked | None) -> str:
    elsewhere = whereabouts(walked.relays if walked else (), one.expected)
    others = [name for name in elsewhere if name != one.relay]
    if others:
        return _("%(own)s is opened by %(others)s: correct the wires or the inventory.") % {
            "own": " ".join(one.expected), "others": ", ".join(others),
        }  # fmt: skip
    if one.finding is CircuitFinding.SILENT:
        return _("Check for a dead relay, a broken wire, or a zone that is bypassed.")
    return _("Give each circuit a relay of its own.")


def _mistake(place: str, what: str, remedy: str) -> Mistake:
    file, _colon, line = place.rpartition(":")
    return Mistake(file, int(line) if line.isdigit() else None, what, remedy)


def _silent(one: Reached) -> Mistake:
    return _mistake(one.device.place, f"{one.device.id}: {one.fault}", "")
