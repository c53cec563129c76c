# SPDX-License-Identifier: Apache-2.0
"""The journal: one JSON line per event, chained by SHA-256, durable before the next step.

``prev`` of a line is the SHA-256 of the line before it (without its line feed), of 64 zeros for the first. A
line that was torn by a power cut is set aside as ``journal.torn-<n>`` when the run is resumed; a line that
was changed breaks the chain and stops everything.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import threading
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

from yanshou.evidence.durable import evidence_fault, sync, sync_folder
from yanshou.model import Component, Instant, UsageError, now, utc_now
from yanshou.model.limited import parse_json

FIRST = "0" * 64
OWN_LINE = "m?"
"""The id of a measurement that is to be named by the number of its line."""

Event = dict[str, Any]


class Appendable(Protocol):
    """Where lines of the journal are written: the journal itself, or the way to it from another process."""

    @property
    def head(self) -> str:
        """SHA-256 of the last line."""
        ...

    def append(self, kind: str, **fields: object) -> Event:
        """Write one event durably and return it, a measurement with its id."""
        ...

    def close(self) -> None:
        """Write no more."""
        ...


class _Part(NamedTuple):
    """The sound part of a journal: its number of lines, the SHA-256 of the last line, its size in bytes."""

    lines: int
    head: str
    size: int


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), allow_nan=False)
# what ``_ENCODER.encode`` makes anew for each line
_ENCODE = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
    None, _ENCODER.default, json.encoder.encode_basestring, None, ":", ",", False, False, False
)
_PLAIN = frozenset({str, int, float, bool, type(None)})
_SHA256 = hashlib.sha256()  # copied for each line: looking the algorithm up takes longer than a line


class Journal:
    """An open journal; only one process may hold it, whose threads may write to it."""

    def __init__(self, path: Path) -> None:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - who verifies a run has the standard library alone

        self._path = path
        self._one_line = threading.RLock()
        self._lock = FileLock(f"{path}.lock", timeout=0)
        try:
            self._lock.acquire()
        except Timeout:
            raise UsageError(
                f"run folder {path.parent} is in use by another run.",
                "Wait until it ends, or name another folder with --run.",
                path=path,
            ) from None
        try:
            # size of the sound part, and its size once the line being written is complete
            self._sound = self._begun = _recover(path)
            self._file = path.open("ab", buffering=0)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the journal; every line is already on the disk."""
        with self._one_line:
            if self._begun is not self._sound:
                self._settle()
            self._file.close()
            self._lock.release()

    @property
    def head(self) -> str:
        """SHA-256 of the last line, which reports print."""
        return self._sound.head

    @property
    def lines(self) -> int:
        """How many events there are."""
        return self._sound.lines

    def append(self, kind: str, **fields: object) -> Event:
        """Write one event durably and return it; a measurement is named ``m`` and the number of its line.

        On a full disk the half-written line is removed and RigFault raised; all earlier lines remain.
        """
        with self._one_line:
            if self._begun is not self._sound:
                self._settle()
            lines, head, size = self._sound
            event: Event = {"seq": lines + 1, "kind": kind, "utc": utc_now(), "mono": now()}
            for key, value in fields.items():  # between two flushes all code is cold: the less, the faster
                event[key] = value if type(value) in _PLAIN else plain(value)
            if event.get("id") == OWN_LINE:
                event["id"] = f"m{lines + 1}"
            event["prev"] = head
            line = "".join(_ENCODE(event, 0)).encode()
            digest = _SHA256.copy()
            digest.update(line)
            self._begun = _Part(lines + 1, digest.hexdigest(), size + len(line) + 1)
            self._write(line + b"\n")
            self._sound = self._begun
            return event

    def _settle(self) -> None:
        """Keep a line that Ctrl-C interrupted if it is whole, remove it if not."""
        if self._path.stat().st_size == self._begun.size:
            self._sound = self._begun
        else:
            self._take_back()

    def _take_back(self) -> None:
        os.truncate(self._path, self._sound.size)
        self._begun = self._sound

    def _write(self, line: bytes) -> None:
        try:
            written = self._file.write(line)
            while written < len(line):
                written += self._file.write(line[written:])
            sync(self._file.fileno())
        except OSError as error:
            self._take_back()
            raise evidence_fault(self._path, error) from error


def read_events(path: Path, *, torn_allowed: bool = False) -> Iterator[Event]:
    """The events of a journal, with the chain checked on the way; UsageError at the first break.

    With ``torn_allowed`` a last line that a power cut tore is left out, as a run that goes on does.
    """
    head = FIRST
    _require_file(path)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if torn_allowed and not line.endswith(b"\n"):
                return
            event = _parse(line, number, head)
            if event is None:
                raise UsageError(
                    f"journal chain broken at line {number}.",
                    "The journal was changed or cut after it was written; it cannot be used.",
                    path=path,
                )
            head = hashlib.sha256(line.rstrip(b"\n")).hexdigest()
            yield event


def plain(value: object) -> Any:
    """A record as plain JSON values."""
    if type(value) in _PLAIN:  # nearly every field: first, because a line is written before each step
        return value
    match value:
        case Instant():
            return value.as_pair()
        case Enum():
            return value.value
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case Path():
            return value.as_posix()
        case Component():
            # JSON has no number for infinitely many degrees of freedom
            dof = value.dof if math.isfinite(value.dof) else None
            return {field.name: getattr(value, field.name) for field in fields(value)} | {"dof": dof}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
    return value


def _parse(line: bytes, number: int, head: str) -> Event | None:
    try:
        event = parse_json(line)
    except ValueError:
        return None
    good = isinstance(event, dict) and event.get("seq") == number and event.get("prev") == head
    return event if good and isinstance(event.get("kind"), str) and line.endswith(b"\n") else None


def _require_file(path: Path) -> None:
    """Raise UsageError for a journal that is a folder or a pipe; one that is not there is another matter."""
    if not path.is_file() and (path.exists() or path.is_symlink()):
        raise UsageError("is no file.", "Take an intact copy of the run folder.", path=path)


def _recover(path: Path) -> _Part:
    """The sound part; a torn last line is set aside."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        sync_folder(path.parent)
        return _Part(0, FIRST, 0)
    _require_file(path)
    data = path.read_bytes()
    good = data.rfind(b"\n") + 1
    head, number = FIRST, 0
    for number, line in enumerate(io.BytesIO(data[:good]), start=1):  # ends at \n only, as when reading
        if _parse(line, number, head) is None:
            raise UsageError(
                f"journal chain broken at line {number}.",
                "The journal was changed after it was written; start a new run.",
                path=path,
            )
        head = hashlib.sha256(line.rstrip(b"\n")).hexdigest()
    if good < len(data):
        _set_aside(path, data[good:], good)
    return _Part(number, head, good)


def _set_aside(path: Path, torn: bytes, good: int) -> None:
    number = len(list(path.parent.glob(f"{path.stem}.torn-*"))) + 1
    (path.parent / f"{path.stem}.torn-{number}").write_bytes(torn)
    os.truncate(path, good)
