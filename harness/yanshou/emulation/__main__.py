# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.emulation SITE [--faults FILE] [--truth FILE] [--until-eof]`` (docs/contracts.md §5).

Prints ``ready`` when every port answers; ends at SIGTERM, Ctrl-C or, with --until-eof, the end of standard
input, also while it still starts.  Exit code 0 at a clean end, 2 for a wrong site file or fault script, 3
when an address cannot be had, or when the input ended and what it had begun did not end in time.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from yanshou.emulation.faults import load_faults
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.model import RigFault, UsageError
from yanshou.model.collecting import collect_seldom
from yanshou.model.lifetime import end_within
from yanshou.site import load_site

WRONG_USE = 2
RIG_FAULT = 3
_NICE = -10
_SWITCH_INTERVAL_S = 5e-4  # a busy thread delays the others no longer than this


def main(arguments: Sequence[str] | None = None, translate: Callable[[str], str] = str) -> int:
    """Run the emulated site until it has to end; returns the exit code.

    Mistakes and faults are shown in the language that ``translate`` puts a text into.
    """
    options = _parser().parse_args(arguments)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    collect_seldom()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        return _run(options)
    except UsageError as error:
        sys.stderr.writelines(f"{one.said(translate)}\n" for one in error.mistakes)
        return WRONG_USE
    except RigFault as error:
        sys.stderr.write(f"{translate(str(error))}\n")
        return RIG_FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m yanshou.emulation", description="The emulated site.")
    parser.add_argument("site", type=Path, help="folder with site.toml")
    parser.add_argument("--faults", type=Path, help="fault script: the defects to plant")
    parser.add_argument("--truth", type=Path, help="where to log what really happened, as JSON lines")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    parser.add_argument("--without-video", action="store_true", help="leave cameras and recorders out")
    return parser


def _run(options: argparse.Namespace) -> int:
    site = load_site(options.site)
    faults = load_faults(options.faults, site) if options.faults else ()
    emulation = SiteEmulation(site, faults, _truth(options.truth), video=not options.without_video)
    _end_on_signals(emulation.world.ended)
    _ask_priority()
    if options.until_eof:  # before the start, which codes pictures: nobody waits for them without a parent
        Thread(target=_await_eof, args=(emulation.world.ended,), daemon=True).start()
    emulation.start()
    try:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        # an endless wait would keep signals from being handled on Windows
        while not emulation.world.ended.wait(0.5):
            pass
    finally:
        emulation.stop()
    return _last_output(emulation.world.broken)


def _truth(path: Path | None) -> Truth:
    try:
        return Truth(path)
    except OSError as error:
        raise UsageError(
            f"the truth log cannot be written: {error.strerror}.", "Name another file.", path=path or ""
        ) from error


def _ask_priority() -> None:
    """Ask for priority: real devices are not slowed down by the computer that tests them."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)


def _end_on_signals(ended: Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())


def _await_eof(ended: Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):  # not sys.stdin.read, whose lock would still be held at the end
        pass
    end_within()  # a peer that holds a connection must not keep the emulated site
    ended.set()


def _last_output(broken: BaseException | None) -> int:
    if broken is None:
        return 0
    traceback.print_exception(broken)  # a defect of the emulator: its traceback is needed to repair it
    return RIG_FAULT


if __name__ == "__main__":
    sys.exit(main())
