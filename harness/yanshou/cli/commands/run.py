# SPDX-License-Identifier: Apache-2.0
"""``yanshou run SITE``: runs the plan, or goes on with an interrupted run, and writes the reports."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from filelock import FileLock

from yanshou.cli.commands.report import accept_damage, write_reports
from yanshou.cli.language import _, spoken
from yanshou.cli.rectifying import asked_mended, journal_mended, mended_in
from yanshou.drivers.field.wiring import profiles_of
from yanshou.evidence.laboratory import session_key
from yanshou.fixtures.suites import suites_folder
from yanshou.model import Site, UsageError
from yanshou.model.printable import tell
from yanshou.site import load_site

if TYPE_CHECKING:
    from yanshou.cli.rectification_file import RectifiedItem
    from yanshou.emulation.site.process import EmulatedSite
    from yanshou.planning.retest import FirstRun

_LONGEST = 200  # signs of a note on the environment
_INTERRUPTED, _WRONG_USE = 2, 4  # exit codes of pytest


def run(options: argparse.Namespace) -> int:
    """Return the exit code of the run's findings."""
    if options.faults and not options.emulate:
        raise UsageError("--faults needs --emulate: faults are planted in the emulated site only.")
    session_key()  # one that cannot be read is told before the tests, not after them
    _require_devices(options.site, options.pytest)
    path = options.run or next_folder(Path("runs"))
    first = _first(options, path)
    mended = _mended(options, first)
    accept_damage(path, options.not_intact)
    if options.amend is not None:
        _amend(options.site, path, options.amend)
    with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
        run_tests(options.site, path, operator=options.operator, arguments=_arguments(options), first=first)
    if mended:
        journal_mended(path, options.mended, mended)
    only = options.only.split(",") if options.only else None
    return write_reports(path, only, options.report_lang)


def _arguments(options: argparse.Namespace) -> list[str]:
    """What pytest gets beside the site: the environment of this session, how to watch, its own arguments."""
    noted = " ".join(options.environment.split())
    if len(noted) > _LONGEST:
        raise UsageError(f"--environment has {len(noted)} signs.", f"Say it in at most {_LONGEST}.")
    environment = [f"--yanshou-environment={noted}"] if noted else []
    return [*environment, *(["--yanshou-serial"] if options.serial else []), *options.pytest]


def _first(options: argparse.Namespace, path: Path) -> FirstRun | None:
    """The run that a re-test repeats; it is never the folder the re-test is written to."""
    if options.retest is None:
        return None
    from yanshou.cli.retesting import first_run  # noqa: PLC0415 - brings the reports in

    return first_run(options.retest, load_site(options.site), path)


def _mended(options: argparse.Namespace, first: FirstRun | None) -> Sequence[RectifiedItem]:
    """What was mended since the first run: from the list, else asked; before anything is tested."""
    if first is None:
        if options.mended is not None:
            raise UsageError("--mended needs --retest: it says what was mended since that run.")
        return ()
    again, site = first.repeated, load_site(options.site)
    since, zone = datetime.fromisoformat(str(first.link["started"])), ZoneInfo(site.time_zone)
    failed = [(name, one) for name in again.failed for one in sorted(again.failed[name])]
    if options.mended is None:
        return () if _by_file(site, options.operator) else asked_mended(failed, since, zone)
    left = [(name, one) for name in again.left for one in sorted(again.left[name])]
    return mended_in(options.mended, [*failed, *left], since, zone)


def _by_file(site: Site, operator: str) -> bool:
    """Whether nobody is at the terminal: questions are answered from a file."""
    return (operator or site.operator.get("backend")) == "scripted"


def _amend(site: Path, path: Path, reason: str) -> None:
    """Go on with the site file as it is now, and tell what changed and what is done again."""
    from yanshou.fixtures.amending import amend  # noqa: PLC0415 - brings pytest in

    if (found := amend(site, path, reason)) is None:
        tell(_("the site file is as it was"))
        return
    for one in found.changes:
        tell(_("changed: %(what)s") % {"what": one.what})
    tell(_("done again: %(items)s") % {"items": ", ".join(found.anew) or "-"})
    tell(_("tested now: %(items)s") % {"items": ", ".join(found.added) or "-"})
    if found.dropped:
        tell(_("no longer planned: %(items)s") % {"items": ", ".join(found.dropped)})


def _require_devices(site: Path, arguments: Sequence[str]) -> None:
    """Raise UsageError if the site lacks a device named by ``--yanshou-device``."""
    from yanshou.fixtures.prepare import require_known  # noqa: PLC0415 - brings pytest in

    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--yanshou-device", action="append", default=[])
    require_known(site, parser.parse_known_args(list(arguments))[0].yanshou_device)


def emulated(site: Path, faults: Path | None) -> EmulatedSite:
    """Run the emulated site while the context is open."""
    from yanshou.emulation.faults import load_faults  # noqa: PLC0415 - only a rehearsal needs it
    from yanshou.emulation.site import process  # noqa: PLC0415 - as above

    found = load_site(site)
    if not found.emulated:
        raise UsageError('the site is real (rig = "real"): it cannot be emulated.', path=site / "site.toml")
    if mistakes := profiles_of(found)[1]:  # else the emulation stumbles over them, as if it were at fault
        raise UsageError(mistakes)
    if faults is not None:  # a mistake in them is the user's, and told before anything begins
        load_faults(faults, found)
    return process.EmulatedSite(site, faults)


def run_tests(
    site: Path,
    path: Path,
    *,
    operator: str = "",
    arguments: Sequence[str] = (),
    quiet: bool = False,
    first: FirstRun | None = None,
) -> bool:
    """Run pytest in a process of its own, so that this process can write the reports whatever happens there.

    Returns True if it came to its end, False if it was interrupted.  Raises UsageError when the run could
    not begin; anything else is read from the journal.
    """
    from yanshou.fixtures.prepare import prepare  # noqa: PLC0415

    run = prepare(
        site, path, first=first
    ).run  # every mistake of the site is reported here, before anything is started
    if run.started:
        run.journal().close()  # so is another run in this folder
    suites = suites_folder()
    command = [sys.executable, "-m", "pytest", *_fixed(suites), f"--site={site}", f"--yanshou-run={path}"]
    command += [f"--yanshou-operator={operator}"] if operator else []
    command += [
        "--yanshou-progress=none" if quiet else "--yanshou-progress=lines",
        f"--yanshou-lang={spoken()}",
        *arguments,
    ]
    with tempfile.TemporaryDirectory(prefix="yanshou-command-", ignore_cleanup_errors=True) as folder:
        lock = Path(folder) / "alive.lock"
        with FileLock(lock):  # free when this process is gone, however it went: the tests end then
            command.append(f"--yanshou-command={lock}")
            # in pytest's own folder it would clear away, however long that takes, what other tests left
            command.append(f"--basetemp={Path(folder) / 'tests'}")
            # plugins of pytest that other projects installed in this environment take no part in a run
            alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
            code = _ended(subprocess.Popen(command, env=alone))  # noqa: S603 - our interpreter
    if code == _WRONG_USE or not run.started:
        raise UsageError(f"the run did not begin (pytest ended with {code}).", "Its messages stand above.")
    return code != _INTERRUPTED


def _ended(child: subprocess.Popen[bytes]) -> int:
    """Wait for the run; signals to this process end the run, and its reports are still written.

    On Windows the console itself passes Ctrl-C to the child.
    """

    def hand_on(number: int, _frame: FrameType | None) -> None:
        if sys.platform != "win32":
            child.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _fixed(suites: Path) -> list[str]:
    """Arguments that make pytest independent of where it is started: our configuration, our reporter."""
    return [
        str(suites),
        f"--config-file={Path(__file__).parents[1] / 'pytest.ini'}",
        f"--rootdir={suites}",
        "--import-mode=importlib",
        "--capture=no",
        *("-p", "yanshou"),
        *("-p", "allure_pytest"),
        *("-p", "no:cacheprovider"),
        *("-p", "no:terminal"),
        "--assert=plain",  # a suite records what it finds; rewriting would read 400 modules of ours again
    ]


def next_folder(folder: Path) -> Path:
    """``runs/2026-11-24-1``: the first free number of the day."""
    day = f"{datetime.now().astimezone():%Y-%m-%d}"
    number = 1
    while (folder / f"{day}-{number}").exists():
        number += 1
    return folder / f"{day}-{number}"
