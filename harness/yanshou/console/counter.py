# SPDX-License-Identifier: Apache-2.0
"""The folder over which the run and the console pass questions and answers.

It stands beside the run folder (``RUN.console``), so that it is never part of the evidence: the journal has
every question and answer, the store of the run every photograph. The run alone writes ``state.json``, the
console alone the answers; each file is replaced as a whole, so that neither ever reads half of one.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from yanshou.console.prompts import Prompt, read_prompt
from yanshou.evidence.durable import write_whole
from yanshou.model import RigFault
from yanshou.model.limited import parse_json

ENDING: Final = ".console"
_PATIENCE_S = 5.0  # a reader of the other process may hold a file for a moment (Windows)
_STEP_S = 0.05


@dataclass(frozen=True, slots=True)
class Shown:
    """What the run shows: the people of the site, what is measured now, the prompt that waits.

    ``doing`` holds done, total, title (by language) and the device. ``answered`` is the prompt before, and
    who answered it. ``strip``: photographs are kept without place and time. ``put_off``: so many items are
    open because somebody put them off.
    """

    operator: str = ""
    witness: str = ""
    language: str = "zh"
    emulated: bool = False
    strip: bool = False
    put_off: int = 0
    doing: Mapping[str, Any] = field(default_factory=dict)
    prompt: Prompt | None = None
    answered: Mapping[str, str] = field(default_factory=dict)
    paused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answer: what was typed, or the reason why it cannot be answered; ``at`` in UTC.

    ``back``: the answer before is to be corrected first. ``later``: the item is put off.
    """

    prompt: str
    person: str
    at: str
    value: str = ""
    unable: str = ""
    back: bool = False
    later: bool = False


class Counter:
    """The folder of one run; ``run`` is the run folder."""

    def __init__(self, run: Path) -> None:
        whole = run.resolve()
        self.folder = whole.with_name(whole.name + ENDING)
        self.photos = self.folder / "photos"
        self._state = self.folder / "state.json"
        self._answers = self.folder / "answers"
        self._paused = self.folder / "paused.json"
        self._running = self.folder / "run.lock"
        self._serving = self.folder / "serve.lock"

    def open(self) -> FileLock:
        """Take the folder for a run that begins or goes on; what an earlier session left is removed.

        The lock is held as long as the run lives. RigFault if another one holds it.
        """
        self._make()
        lock = _taken(self._running, f"another run answers questions in {self.folder}.")
        shutil.rmtree(self._answers, ignore_errors=True)
        self._state.unlink(missing_ok=True)
        self.resume()  # who starts the run wants it to go on
        return lock

    def serve(self) -> FileLock:
        """Take the folder for the one console that serves it; RigFault if another one does."""
        self._make()
        return _taken(self._serving, "another console serves this run.")

    @property
    def runs(self) -> bool:
        """Whether the run lives: only then is there anybody who takes an answer."""
        if not self._running.exists():
            return False
        lock = FileLock(self._running, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    # -- written by the run -------------------------------------------------------------------------------

    def show(self, shown: Shown) -> None:
        """Put up what is to be shown, in place of what was."""
        _written(self._state, asdict(shown))

    def taken(self, prompt: str, role: str) -> Given | None:
        """The answer that a person of ``role`` gave to the prompt; None as long as there is none."""
        data = _read(self._answer(prompt, role))
        return Given(**data) if data else None

    def clear(self, prompt: str) -> None:
        """Remove the answers to a prompt that is done with."""
        for path in self._answers.glob(f"{prompt}.*.json"):
            path.unlink(missing_ok=True)

    # -- written by the console ---------------------------------------------------------------------------

    def shown(self) -> Shown:
        """What the run put up last; empty before it did."""
        data = dict(_read(self._state))
        prompt = data.pop("prompt", None)
        return Shown(**data, prompt=read_prompt(prompt) if prompt else None)

    def give(self, role: str, given: Given) -> None:
        """Keep an answer on the disk; it is kept before the phone is told that it counts."""
        _written(self._answer(given.prompt, role), asdict(given))

    # -- the pause ----------------------------------------------------------------------------------------

    def paused(self) -> Mapping[str, str]:
        """Who paused the run, and when; empty if it is not paused."""
        return _read(self._paused)

    def pause(self, person: str, at: str) -> None:
        """Begin no other item from now on."""
        _written(self._paused, {"person": person, "at": at})

    def resume(self) -> None:
        """Go on."""
        self._paused.unlink(missing_ok=True)

    def _make(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            what = f"cannot make {self.folder}: {error.strerror or error}."
            raise RigFault(what, device="disk", remedy="Name a run folder that can be written.") from error

    def _answer(self, prompt: str, role: str) -> Path:
        return self._answers / f"{prompt}.{role}.json"


def _taken(path: Path, what: str) -> FileLock:
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=1.0)
    except Timeout:
        raise RigFault(what, remedy="End it first.") from None
    return lock


def _written(path: Path, content: object) -> None:
    data = json.dumps(content, ensure_ascii=False).encode()
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return write_whole(path, data)
        except RigFault as fault:
            if not isinstance(fault.__cause__, PermissionError) or time.monotonic() > until:
                raise
        time.sleep(_STEP_S)


def _read(path: Path) -> dict[str, Any]:
    """The content of a file of this folder; empty where there is none."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            content = parse_json(path.read_bytes())
        except FileNotFoundError:
            return {}
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(_STEP_S)
        else:
            return content if isinstance(content, dict) else {}
