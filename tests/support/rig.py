# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests have at hand: a small private bank branch, the command line, what a run left."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyModbusTCP.client import ModbusClient

from tests.support.patience import HUNG_S
from yanshou.cli import main
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
RELAYS = {"RELAY-1": 8, "RELAY-2": 32, "RELAY-3": 8}
POSIX = os.name == "posix"
HANGS_S = 300.0
"""A command that takes longer hangs, also on a machine whose processors are busy with other tests."""

# what every test stands on, whichever devices it keeps
_BENCH = {"relay_board", "panel", "door_controller", "reader", "instrument", "time_server"}


def branch(
    into: Path, *, scope: Collection[str], keep: Collection[str], plan: Mapping[str, object] | None = None
) -> Path:
    """The bank branch on free ports at ``into``, cut down to devices ``keep`` and requirements ``scope``.

    One repetition, short watches and waits; ``plan`` sets further keys of [plan].
    """
    site = private_copy(BRANCH, into)
    gone = _cut_inventory(site / "inventory.csv", set(keep))
    text = (site / "site.toml").read_text(encoding="utf-8")
    for name in gone:
        text = re.sub(rf"(?ms)^\[device\.{name}\]\n.*?(?=^\[|^#|\Z)", "", text)
    text = re.sub(r"(?ms)^scope = \[.*?^\]", f"scope = {json.dumps(sorted(scope))}", text)
    (site / "site.toml").write_text(text, encoding="utf-8")
    short = {"repetitions": 1, "hold_s": 0.3, "frame_rate_window_s": 2.0, "patience_s": 3.0}
    set_plan(site, {**short, **(plan or {})})
    return site


def _cut_inventory(path: Path, keep: set[str]) -> list[str]:
    """Leave only the bench, ``keep`` and what they hang on; returns the ids that are gone."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = list(csv.reader(file))
    parents = {row[0]: row[6] for row in rows}
    keep = keep | {parents[name] for name in keep}
    kept = [row for row in rows if row[0] in keep or row[1] in _BENCH]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *kept])
    return sorted(parents.keys() - {row[0] for row in kept})


def set_plan(site: Path, values: Mapping[str, object]) -> None:
    """Set keys of [plan] in the site file."""
    path = site / "site.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in values.items():
        line = f"{key} = {json.dumps(value)}"
        text, found = re.subn(rf"(?m)^{key} = .*$", line, text)
        text = text if found else text.replace("[plan]\n", f"[plan]\n{line}\n")
    path.write_text(text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    """Replace ``old``, which must stand there, in a text file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(site: Path, *planted: tuple[Any, ...]) -> Path:
    """A fault script of (device, kind), (device, kind, value) or (device, kind, value, {option: …})."""
    lines: list[str] = []
    for device, kind, *rest in planted:
        lines += ["[[fault]]", f'device = "{device}"', f'kind = "{kind}"']
        lines += [f"value = {json.dumps(rest[0])}"] if rest and rest[0] is not None else []
        lines += [f"{key} = {json.dumps(value)}" for key, value in (rest[1] if len(rest) > 1 else {}).items()]
    path = site.with_name(f"{site.name}-faults.toml")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON: nothing else may stand there."""
        return json.loads(self.out)


def command(*arguments: object, python: str = "") -> list[str]:
    """The command line as a list; ``python`` runs before it in the same process."""
    if python:
        code = f"{python}\nfrom yanshou.cli import main\nraise SystemExit(main())"
        return [sys.executable, "-c", code, *map(str, arguments)]
    return [sys.executable, "-m", "yanshou.cli", *map(str, arguments)]


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("YANSHOU", "PYTEST"))}
    return {**ours, "LC_ALL": "C.UTF-8", **(extra or {})}


def start(*arguments: object, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, as a shell does."""
    return subprocess.Popen(
        command(*arguments),
        cwd=cwd,
        env=_environment(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=POSIX,
    )


def said(process: subprocess.Popen[str], timeout: float = HANGS_S) -> Said:
    """Wait for a command; what hangs is killed and fails the test."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        kill_group(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        out, err = process.communicate()
        raise AssertionError(f"no end within {timeout:g} s\n{out}\n{err}") from None
    return Said(process.returncode, out, err)


def kill_group(process: subprocess.Popen[str], number: int) -> None:
    """Send a signal to the command and everything it started, as a terminal does."""
    if sys.platform == "win32":
        process.send_signal(number)
    else:
        os.killpg(process.pid, number)


def yanshou(
    *arguments: object, cwd: Path, timeout: float = HANGS_S, python: str = "", **environment: str
) -> Said:
    """Run ``yanshou`` with these words."""
    done = subprocess.run(
        command(*arguments, python=python),
        cwd=cwd,
        env=_environment(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def here(*arguments: object) -> Said:
    """Run a command in this process: for what starts nothing, a second instead of three."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(map(str, arguments)))
        except SystemExit as exit_:
            code = int(exit_.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Ran:
    """A run that ended: what was said, and what stands in its folder."""

    said: Said
    folder: Path
    truth: Path | None = None
    coils: Mapping[str, list[bool]] = field(default_factory=dict)

    @property
    def code(self) -> int:
        """The exit code."""
        return self.said.code

    @cached_property
    def results(self) -> dict[str, Any]:
        """results.json."""
        made: dict[str, Any] = json.loads((self.folder / "report" / "results.json").read_text("utf-8"))
        return made

    @cached_property
    def verdicts(self) -> dict[tuple[str, str], str]:
        """(requirement, device) → verdict."""
        return {(one["requirement"], one["device"]): one["verdict"] for one in self.results["findings"]}

    def finding(self, requirement: str, device: str) -> dict[str, Any]:
        """One finding of results.json."""
        wanted = (requirement, device)
        return next(one for one in self.results["findings"] if (one["requirement"], one["device"]) == wanted)

    def of(self, verdict: str) -> set[tuple[str, str]]:
        """The (requirement, device) with this verdict."""
        return {key for key, value in self.verdicts.items() if value == verdict}

    def events(self, *kinds: str, item: str = "", device: str = "") -> list[dict[str, Any]]:
        """The journal's events of these kinds (all when none is named), of an item or of a device's items."""
        return [
            event
            for event in journal(self.folder)
            if (not kinds or event["kind"] in kinds)
            and (not item or event.get("item") == item)
            and (not device or str(event.get("item", "")).endswith(f"[{device}]"))
        ]

    def happened(self) -> list[dict[str, Any]]:
        """The emulator's own log of what it really did, in order."""
        assert self.truth is not None
        return sorted(_lines(self.truth), key=lambda event: event["t"])


def journal(folder: Path) -> list[dict[str, Any]]:
    """The whole lines of a journal, also of one that is being written; empty when there is none yet."""
    path = folder / "journal.jsonl"
    return list(_lines(path)) if path.exists() else []


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield json.loads(line)


def run(
    site: Path,
    folder: Path,
    *,
    script: Path | None = None,
    arguments: Sequence[object] = (),
    timeout: float = HANGS_S,
) -> Ran:
    """``yanshou run`` on the emulated site, results.json and junit.xml only; then the coils are read."""
    truth = folder.with_name(f"{folder.name}-truth.jsonl")
    with EmulatedSite(site, script, truth):
        one = yanshou(
            "run",
            site,
            "--run",
            folder,
            "--only",
            "json,junit",
            *arguments,
            cwd=folder.parent,
            timeout=timeout,
        )
        coils = {name: coils_of(site, name) for name in RELAYS.keys() & load_site(site).devices.keys()}
    return Ran(one, folder, truth, coils)


def coils_of(site: Path, board: str) -> list[bool]:
    """The coils of a relay board, read by a master nobody here wrote; empty when it does not answer."""
    connection = load_site(site).devices[board].connection
    assert connection is not None
    assert connection.port is not None
    client = ModbusClient(connection.host, connection.port, unit_id=1, timeout=HUNG_S, auto_close=True)
    return list(client.read_coils(0, RELAYS[board]) or [])


def eventually(true: Callable[[], object], within: float = 30.0, pause: float = 0.05) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def no_traceback(one: Said) -> bool:
    """Whether a person was spared our internals."""
    return "Traceback" not in one.err + one.out and "INTERNALERROR" not in one.err + one.out
