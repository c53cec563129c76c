# SPDX-License-Identifier: Apache-2.0
"""``yanshou calibrate SITE``: measures the delay of the bench's relays and inputs."""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yanshou.cli.commands.report import accept_damage, write_reports
from yanshou.cli.commands.run import emulated
from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.drivers.field.permission import UNGUARDED
from yanshou.drivers.field.wiring import site_mistakes
from yanshou.evidence import Journal, RunFolder, seal
from yanshou.model import RigFault, Site, UsageError
from yanshou.model.person import names_somebody
from yanshou.operator import ConfirmQuestion, Operator, confirmed, settled, wording
from yanshou.rig.calibration import (
    CYCLES,
    Calibration,
    LoopDrift,
    LoopRecord,
    compared,
    keep,
    measure,
    require_loops,
    void_names,
)
from yanshou.rig.interlock import Interlock
from yanshou.rig.opening import opened_bench
from yanshou.site import load_site

_VOID = 3  # the exit code of a drift that voids latencies: a fault of our own bench
_MS = 1e3


@dataclass(slots=True)
class _Notes:
    """Writes what happens to the journal of the run, if there is a run."""

    journal: Journal | None
    scheduling: str = ""
    _kept: list[str] = field(default_factory=list)

    def event(self, kind: str, **fields: object) -> None:
        """Append one event."""
        if self.journal is not None:
            self.journal.append(kind, **fields)

    def bench_opened(self, scheduling: str) -> None:
        """Note the scheduling class of the acquisition process."""
        self.scheduling = scheduling
        self.event("bench_opened", scheduling=scheduling)


def run(options: argparse.Namespace) -> int:
    """Return 0 when calibrated, 3 if a loop has drifted so far that the run's latencies are void."""
    if options.cycles < CYCLES:
        raise UsageError(f"--cycles {options.cycles}: a calibration takes {CYCLES} cycles at least.")
    site = load_site(options.site)
    if mistakes := site_mistakes(site):
        raise UsageError(mistakes)
    require_loops(site)
    with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
        if options.run:
            return _after(site, options)
        records = _measured(site, options, _Notes(None))
    if options.json:
        print_json({"loops": [record.as_json() for record in records]})
    else:
        _show(records)
        print(_("kept in %s; the next run within 24 h rests on it") % (site.folder / "calibration.json"))
    return 0


def _measured(
    site: Site, options: argparse.Namespace, notes: _Notes, only: frozenset[str] | None = None
) -> list[LoopRecord]:
    """Measure the loops and keep the results in the site folder."""
    from yanshou.fixtures.prepare import operator_of, software  # noqa: PLC0415 - brings pytest in

    operator = operator_of(site, options.operator, language=spoken())
    interlock = Interlock(site, operator, notes)
    _confirm_wires(operator, notes)
    interlock.require()
    with opened_bench(site, permit=interlock.require, gate=UNGUARDED, note=notes.bench_opened) as bench:
        progress = (lambda _name: None) if options.json else (lambda name: print(f"{name} …", flush=True))
        records = measure(site, bench, cycles=options.cycles, only=only, progress=progress)
    keep(site.folder, records, software=software(), scheduling=notes.scheduling, person=operator.name)
    return records


def _confirm_wires(operator: Operator, notes: _Notes) -> None:
    """Ask a person to confirm that no circuit of the system depends on the relays of the loops."""
    said = wording("calibrate.wired", operator.language)
    question = ConfirmQuestion(said.message, said.text, wording=said)
    answer = settled(operator, question, notes.event)
    wired = answer.value is True and names_somebody(answer.person)
    notes.event("confirmation", **confirmed(question), action="calibrate", person=answer.person, value=wired)
    if not wired:
        raise RigFault("the loops were not confirmed to be wired.", device="the bench", final=True)


# -- after a run --------------------------------------------------------------------------------------------


def _after(site: Site, options: argparse.Namespace) -> int:
    accept_damage(options.run, options.not_intact)
    folder = RunFolder.existing(options.run)
    before = Calibration.of(folder.events())
    if folder.plan()["site_sha256"] != site.sha256:
        raise UsageError(
            f"run {folder.path.name} was made with another site file.",
            "Name the run of this site, or restore the site file.",
            path=site.folder / "site.toml",
        )
    if not before.records:
        remedy = "Calibrate before a run: `yanshou calibrate SITE`; it is taken when the run opens."
        raise UsageError(f"run {folder.path.name} rests on no calibration.", remedy, path=folder.path)
    drifts = _recalibrated(site, options, folder, before)
    if options.json:
        print_json({"drift": [one.as_json() for one in drifts], "void": void_names(drifts)})
    else:
        _show_drift(drifts)
    if not options.json:
        write_reports(folder.path, options.only.split(",") if options.only else None, options.report_lang)
    else:
        seal(folder.path)
    return _VOID if void_names(drifts) else 0


def _recalibrated(
    site: Site, options: argparse.Namespace, folder: RunFolder, before: Calibration
) -> list[LoopDrift]:
    """Calibrate in a session of its own in the run's journal, so that any outcome is recorded."""
    from yanshou.fixtures.prepare import build, operator_of, software  # noqa: PLC0415 - brings pytest in

    operator = operator_of(site, options.operator, language=spoken())
    with folder.journal() as journal, _session(journal, operator, software(), build()):
        names = frozenset(record.loop.name for record in before.records)
        records = _measured(site, options, _Notes(journal), names)
        drifts = compared(before, records)
        journal.append(
            "calibration",
            phase="after",
            loops=[record.as_json() for record in records],
            drift=[one.as_json() for one in drifts],
        )
    return drifts


@contextlib.contextmanager
def _session(journal: Journal, operator: Operator, software: str, build: str) -> Iterator[None]:
    journal.append(
        "session_started",
        resumed=True,
        software=software,
        build=build,
        platform=platform.platform(),
        pid=os.getpid(),
        operator=operator.name,
        witness=operator.witness,
    )
    reason = "interrupted"
    try:
        yield
        reason = "complete"
    except RigFault as fault:
        reason = "fault"
        said = {"what": fault.what, "device": fault.device, "remedy": fault.remedy}
        journal.append("trouble", item="", family="rig_fault", attempt=0, **said)
        raise
    finally:
        journal.append("session_ended", reason=reason)


# -- what a person sees -------------------------------------------------------------------------------------


def _show(records: Sequence[LoopRecord]) -> None:
    edges = [
        (f"{number} {edge}", record.loop.name, delay)
        for number, record in enumerate(records, 1)
        for edge, delay in record.delays.items()
    ]
    rows = [
        (
            label,
            name,
            str(delay.n),
            *(f"{value * _MS:.2f}" for value in (delay.mean, delay.s, delay.least, delay.most)),
            f"{delay.budget.U * _MS:.2f}",
            str(delay.disturbed),
        )
        for label, name, delay in edges
    ]
    heads = (_("edge"), _("loop"), "n", _("mean"), "s", "min", "max", "U", _("set aside"))
    print_table(heads, rows, title=_("loopback, ms"))
    terms = [
        (
            label,
            term.name,
            f"{term.kind}, {term.distribution}",
            f"{term.u * _MS:.3f}",
            "∞" if math.isinf(term.dof) else f"{term.dof:.0f}",
            term.source,
        )
        for label, _name, delay in edges
        for term in (*delay.components(), delay.single())
    ]
    print_table((_("edge"), _("component"), _("distribution"), "u, ms", "ν", _("source")), terms)


def _show_drift(drifts: Sequence[LoopDrift]) -> None:
    rows = [
        (
            one.loop,
            one.edge,
            f"{one.before.mean * _MS:.3f}",
            f"{one.after.mean * _MS:.3f}",
            f"{one.drift.difference * _MS:+.3f}",
            f"{one.drift.permitted * _MS:.3f}",
            "✗" if one.drift.void else "✓",
        )
        for one in drifts
    ]
    heads = (_("loop"), _("edge"), _("before"), _("after"), _("difference"), "3u", "")
    print_table(heads, rows, title=_("drift, ms"))
    if names := void_names(drifts):
        print(_("drifted by more than 3u: latencies that rest on %s are void") % ", ".join(names))
