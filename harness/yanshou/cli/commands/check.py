# SPDX-License-Identifier: Apache-2.0
"""``yanshou check SITE``: everything wrong with a site folder, all at once; its devices and its bench."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yanshou.cli.commands.run import emulated
from yanshou.cli.output import print_json, print_table
from yanshou.cli.words import N_, _
from yanshou.commissioning.reach import Reached, reach
from yanshou.commissioning.wiring_check import Finding, Release, Released, Tripped, Walk, release, whereabouts
from yanshou.drivers.wiring import site_mistakes
from yanshou.fleet.discovery import discover_mistakes
from yanshou.fleet.settings import survey_mistakes
from yanshou.instruments.registry import register_mistakes
from yanshou.model import Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.planning import as_answer, check_site
from yanshou.rig.interlock import Interlock
from yanshou.rig.opening import opened_bench
from yanshou.site import load_site
from yanshou.standards import Catalogue, load

_FINDINGS = {
    Finding.RIGHT: N_("right"),
    Finding.WRONG: N_("opens another circuit"),
    Finding.SEVERAL: N_("opens others, too"),
    Finding.SILENT: N_("opens nothing"),
    Finding.UNTOLD: N_("not told by the system"),
}
_GOOD = (Finding.RIGHT, Finding.UNTOLD)


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


def _catalogue(folder: Path) -> Catalogue:
    """The catalogue with the site's overlays; without them when the site file cannot be read."""
    try:
        site = load_site(folder)
    except UsageError:
        return load()
    named = site.plan.get("overlays", ())
    return load([site.folder / str(name) for name in (named if isinstance(named, list | tuple) else ())])


def run(options: argparse.Namespace) -> int:
    """0 when nothing is wrong, 2 for a mistake in the folder, 3 when a device is silent or a wire wrong."""
    today = datetime.now().astimezone().date()
    mistakes = check_site(
        options.site,
        today,
        catalogue=_catalogue(options.site),
        register=register_mistakes,
        hooks=[site_mistakes, survey_mistakes, discover_mistakes],
    )
    reached: list[Reached] = []
    walked: _Walked | None = None
    if not mistakes and (options.reach or options.bench):
        with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
            site = load_site(options.site)
            reached = list(reach(site)) if options.reach else []
            walked = _walk(site, options) if options.bench else None
    found = [*mistakes, *(_silent(one) for one in reached if one.fault), *_miswired(walked)]
    if options.json:
        print_json(as_answer(found) | ({"bench": walked.as_answer()} if walked else {}))
    else:
        _show(mistakes, reached, walked)
    return 2 if mistakes else 3 if found else 0


def _walk(site: Site, options: argparse.Namespace) -> _Walked:
    from yanshou.fixtures.prepare import operator_of  # noqa: PLC0415 - brings pytest in

    operator, released = operator_of(site, options.operator), Released()
    interlock = Interlock(site, operator, released)
    interlock.require()
    release(site, operator, released)
    with opened_bench(site, permit=interlock.require) as bench:
        return _Walked(Walk(site, bench).walk(), released.all)


def _show(mistakes: list[Mistake], reached: list[Reached], walked: _Walked | None) -> None:
    if mistakes:
        print("\n".join(str(mistake) for mistake in mistakes))
        print(_("problems: %d") % len(mistakes))
        return
    print(_("the site folder is in order"))
    if reached:
        heads = (_("device"), _("answers"), "")
        rows = [(one.device.id, "✗" if one.fault else "✓", one.fault or one.answer) for one in reached]
        print_table(heads, rows)
    if walked:
        _show_walk(walked)


def _show_walk(walked: _Walked) -> None:
    for one in walked.released:
        print(_("%(action)s released by %(person)s") % {"action": one.action, "person": one.person})
    heads = (_("relay"), _("by the inventory"), _("opened"), "")
    print_table(heads, [_row(one) for one in walked.relays])
    wrong = list(_miswired(walked))
    print("\n".join(str(mistake) for mistake in wrong) or _("every relay opens its own circuit"))


def _row(one: Tripped) -> tuple[str, str, str, str]:
    opened = ", ".join(" ".join(circuit) for circuit in sorted(one.opened))
    mark = "✓" if one.finding is Finding.RIGHT else "·" if one.finding is Finding.UNTOLD else "✗"
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
        Finding.SILENT: _("opens nothing, the inventory has it in %(own)s") % both,
        Finding.WRONG: _("opens %(opened)s, the inventory has it in %(own)s") % both,
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
    if one.finding is Finding.SILENT:
        return _("Look for a dead relay, a broken wire, or a zone that is bypassed.")
    return _("Give each circuit a relay of its own.")


def _mistake(place: str, what: str, remedy: str) -> Mistake:
    file, _colon, line = place.rpartition(":")
    return Mistake(file, int(line) if line.isdigit() else None, what, remedy)


def _silent(one: Reached) -> Mistake:
    return _mistake(one.device.place, f"{one.device.id}: {one.fault}", "")
