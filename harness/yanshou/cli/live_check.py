# SPDX-License-Identifier: Apache-2.0
"""The live part of ``yanshou check``: which devices answer, and which circuit each relay opens."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yanshou.cli.commands.run import emulated
from yanshou.cli.grouped import plain_lines
from yanshou.cli.language import N_, _, in_own_language, spoken
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
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake, mistake_at
from yanshou.rig.interlock import Interlock
from yanshou.rig.opening import opened_bench
from yanshou.site import load_site

_FINDINGS = {
    CircuitFinding.RIGHT: N_("right"),
    CircuitFinding.WRONG: N_("opens another circuit"),
    CircuitFinding.SEVERAL: N_("opens others, too"),
    CircuitFinding.SILENT: N_("opens nothing"),
    CircuitFinding.NOT_REPORTED: N_("not reported by the system"),
}
_MARKS = {CircuitFinding.RIGHT: "✓", CircuitFinding.NOT_REPORTED: "·"}
_GOOD = (CircuitFinding.RIGHT, CircuitFinding.NOT_REPORTED)


@dataclass(frozen=True, slots=True)
class _CheckedBench:
    """The results of the wiring check, and who released it."""

    relays: Sequence[Tripped]
    released: Sequence[Release]

    def as_answer(self) -> dict[str, object]:
        return {
            "relays": [one.as_answer() for one in self.relays],
            "released": [{"action": one.action, "person": one.person} for one in self.released],
        }


@dataclass(frozen=True, slots=True)
class Live:
    """The results of the live check: of the devices with ``--reach``, of the bench with ``--bench``."""

    reached: Sequence[Reached]
    bench: _CheckedBench | None

    def mistakes(self) -> Iterator[Mistake]:
        """All devices that do not answer, and all relays that do not open their own circuit alone."""
        yield from (_silent(one) for one in self.reached if one.fault)
        yield from _miswired(self.bench)

    def as_answer(self) -> dict[str, object]:
        """Return what ``--json`` adds to the answer."""
        return {"bench": self.bench.as_answer()} if self.bench else {}

    def show(self) -> None:
        """Print the results for a person."""
        if self.reached:
            heads = (_("device"), _("answers"), "")
            rows = [
                (one.device.id, "✗" if one.fault else "✓", in_own_language(one.fault) or one.answer)
                for one in self.reached
            ]
            print_table(heads, rows)
        if self.bench:
            _show_bench(self.bench)


def asked(options: argparse.Namespace) -> Live:
    """Ask the devices of a site whose files have no mistakes."""
    with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
        site = load_site(options.site)
        reached = list(reach(site)) if options.reach else []
        return Live(reached, _check_bench(site, options) if options.bench else None)


def _check_bench(site: Site, options: argparse.Namespace) -> _CheckedBench:
    from yanshou.fixtures.prepare import operator_of  # noqa: PLC0415 - brings pytest in

    operator, released = operator_of(site, options.operator, language=spoken()), Released()
    interlock = Interlock(site, operator, released)
    interlock.require()
    release(site, interlock)
    with opened_bench(site, permit=interlock.require, gate=interlock) as bench:
        return _CheckedBench(WiringCheck(site, bench).run(), released.all)


def _show_bench(bench: _CheckedBench) -> None:
    for one in bench.released:
        print(_("%(action)s released by %(person)s") % {"action": one.action, "person": one.person})
    heads = (_("relay"), _("by the inventory"), _("opened"), "")
    print_table(heads, [_row(one) for one in bench.relays])
    wrong = list(_miswired(bench))
    print("\n".join(plain_lines(wrong)) or _("every relay opens its own circuit"))


def _row(one: Tripped) -> tuple[str, str, str, str]:
    opened = ", ".join(" ".join(circuit) for circuit in sorted(one.opened))
    mark = _MARKS.get(one.finding, "✗")
    return one.relay, " ".join(one.expected), opened or "—", f"{mark} {_(_FINDINGS[one.finding])}"


def _miswired(bench: _CheckedBench | None) -> Iterator[Mistake]:
    """One mistake for each relay that does not open its own circuit alone, with its place."""
    for one in bench.relays if bench else ():
        if one.finding not in _GOOD:
            yield mistake_at(one.place, _("%(relay)s: %(what)s.") % _sentence(one), _remedy(one, bench))


def _sentence(one: Tripped) -> dict[str, str]:
    opened = ", ".join(" ".join(circuit) for circuit in sorted(one.opened))
    both = {"opened": opened, "own": " ".join(one.expected)}
    sentences = {
        CircuitFinding.SILENT: _("opens nothing, the inventory has it in %(own)s") % both,
        CircuitFinding.WRONG: _("opens %(opened)s, the inventory has it in %(own)s") % both,
    }
    several = _("opens %(opened)s, the inventory has it in %(own)s alone") % both
    return {"relay": one.relay, "what": sentences.get(one.finding, several)}


def _remedy(one: Tripped, bench: _CheckedBench | None) -> str:
    elsewhere = whereabouts(bench.relays if bench else (), one.expected)
    others = [name for name in elsewhere if name != one.relay]
    if others:
        return _("%(own)s is opened by %(others)s: correct the wires or the inventory.") % {
            "own": " ".join(one.expected), "others": ", ".join(others),
        }  # fmt: skip
    if one.finding is CircuitFinding.SILENT:
        return _("Check for a dead relay, a broken wire, or a zone that is bypassed.")
    return _("Give each circuit a relay of its own.")


def _silent(one: Reached) -> Mistake:
    return mistake_of(one.device, one.fault, "")
