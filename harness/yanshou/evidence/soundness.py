# SPDX-License-Identifier: Apache-2.0
"""Compares a run folder with its own journal before it is continued, reported or sealed.

The manifest shows what changed since it was written. This module finds what is wrong whatever the manifest
says: a plan, catalogue or site that differs from the first line of the journal, evidence whose bytes do not
match its name, evidence that the journal mentions and that is missing, and a journal that is shorter than
when it was sealed, or another one. A folder that is not sound is never sealed again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanshou.evidence.amendments import AMENDED, digests_of, frozen_later
from yanshou.evidence.durable import UNFINISHED
from yanshou.evidence.issues import ISSUES, former_copies
from yanshou.evidence.journal import FIRST, Event, read_events
from yanshou.evidence.laboratory import Signedness, check_file
from yanshou.evidence.signed import not_grown, signed_files, stated_digests
from yanshou.model import UsageError

MANIFEST = "manifest.json"
JOURNAL = "journal.jsonl"
LOCK = "journal.jsonl.lock"
UNLISTED = frozenset({MANIFEST, f"{MANIFEST}.sig", f"{MANIFEST}.pub", LOCK})
"""What a manifest does not list: itself, its signature with the public key, and the lock of the journal."""
FROZEN = ("plan.json", "catalogue.json", "site.json", "first.json")
REMADE = "report/"
"""Computed from the rest: ``yanshou report`` makes it again."""
_BESIDE = ("journal.torn-", "watchdog.log")  # what a session leaves beside its journal
_ADDED = (AMENDED, "blobs/", *_BESIDE, REMADE)  # files a session adds after the last seal
_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference from the state in which the folder was left.

    ``kind`` is changed, missing, extra, chain, unsealed, unreadable, frozen (not what the journal's first
    line says), misnamed (evidence whose bytes are not those of its name, or in another place), lost (evidence
    that the journal mentions and that is not there), prefix (a signed file that does not begin with the file
    that was signed), unrecorded (a signed file that the journal does not know), signature (it is not of this
    file), compressed, overlong, name or twice (what a package must not hold), link or irregular (no file, or
    an empty folder), was (the run was continued although the folder was not intact).
    """

    path: str
    kind: str


def require_sound(run: Path) -> None:
    """Raise UsageError when the run folder does not match its journal and its last manifest.

    Files younger than the last manifest are allowed, because an interrupted session was not sealed. Damage
    that a person accepted (``go_on_although``) is in the journal and no longer raises.
    """
    if problems := new_problems(run):
        changes = "; ".join(f"{one.path} ({one.kind})" for one in problems)
        raise UsageError(
            f"the run folder is not intact: {changes}.",
            "It is not gone on with, reported or sealed again. Take an intact copy, begin anew, or go on "
            'with --not-intact "reason": the report says so, and nothing measured before conforms.',
            path=run,
        )


def new_problems(run: Path) -> list[Problem]:
    """Problems that nobody accepted yet, each once."""
    problems = dict.fromkeys([*unsound(run), *_signed_by_none(run), *_changed_since_sealed(run)])
    known = _accepted(run) if problems else set()
    return [one for one in problems if fingerprint(run, one) not in known]


def fingerprint(run: Path, problem: Problem) -> tuple[str, str, str]:
    """A problem with the SHA-256 of the file as it is now, so that a second change is a new problem."""
    path = run / problem.path
    return problem.path, problem.kind, sha256_of(path) if path.is_file() else ""


def _accepted(run: Path) -> set[tuple[str, str, str]]:
    return {
        (str(one["path"]), str(one["kind"]), str(one["sha256"]))
        for event in _damage_events(run)
        for one in event["problems"]
    }


def _damage_events(run: Path) -> list[Event]:
    """The journal lines that record that the run was continued with a folder that was not intact."""
    try:
        return [one for one in read_events(run / JOURNAL, torn_allowed=True) if one["kind"] == "not_intact"]
    except (UsageError, OSError):
        return []


def once_not_intact(run: Path) -> list[Problem]:
    """One problem if the journal records that the folder was not intact; it stays so."""
    return [Problem(JOURNAL, "was")] if _damage_events(run) else []


def unsound(run: Path) -> list[Problem]:
    """Problems whatever a manifest says. A folder without a journal has none."""
    journal = run / JOURNAL
    if not journal.is_file():
        return []
    try:
        events = list(read_events(journal, torn_allowed=True))
    except (UsageError, OSError):
        return [Problem(JOURNAL, "chain")]
    problems = [*_not_as_frozen(run, events), *_not_as_amended(run, events), *_not_as_merged(run, events)]
    problems += _not_as_issued(run, events)
    mentioned = _mentioned(events)
    problems += [
        Problem(_blob(name), "lost") for name in sorted(mentioned) if not (run / _blob(name)).is_file()
    ]
    for path in sorted((run / "blobs").rglob("*")):
        named = path.is_file() and not path.is_symlink() and path.suffix != UNFINISHED
        if named and (path.relative_to(run).as_posix() != _blob(path.name) or path.name != sha256_of(path)):
            problems.append(Problem(path.relative_to(run).as_posix(), "misnamed"))
    return problems


def frozen_digests(run: Path) -> dict[str, str]:
    """SHA-256 of the files frozen before the first stimulus, by path in the run folder."""
    paths = [run / name for name in FROZEN] + [
        one for one in sorted((run / "site").rglob("*")) if one.is_file()
    ]
    return {path.relative_to(run).as_posix(): sha256_of(path) for path in paths if path.is_file()}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _not_as_frozen(run: Path, events: list[Event]) -> Iterator[Problem]:
    """Frozen files that differ from the journal's first line; older journals have no digests of files."""
    first = events[0] if events else {}
    hashes = first.get("frozen")
    if not isinstance(hashes, dict):
        return
    present = frozen_digests(run)
    for name in sorted(hashes.keys() | present.keys()):
        if hashes.get(name) != present.get(name):
            yield Problem(name, "frozen" if name in present else "missing")


def _not_as_amended(run: Path, events: list[Event]) -> Iterator[Problem]:
    """Files of an amendment that differ from its line of the journal."""
    stated = frozen_later(events)
    folders = {"/".join(name.split("/")[:2]) for name in stated}
    present = {name: one for folder in sorted(folders) for name, one in digests_of(run, folder).items()}
    for name in sorted(stated.keys() | present.keys()):
        if stated.get(name) != present.get(name):
            yield Problem(name, "frozen" if name in present else "missing")


def _not_as_issued(run: Path, events: list[Event]) -> Iterator[Problem]:
    """Issues that were replaced or signed, and signed files, that differ from what the journal states."""
    try:
        signed = signed_files(events)
    except (KeyError, ValueError, TypeError):
        yield Problem(JOURNAL, "unreadable")
        return
    stated = former_copies(events) | stated_digests(signed)
    for name, digest in stated.items():
        if not (run / name).is_file():
            yield Problem(name, "lost")
        elif sha256_of(run / name) != digest:
            yield Problem(name, "changed")
    yield from (Problem(name, "prefix") for name in not_grown(run, signed))


def _not_as_merged(run: Path, events: list[Event]) -> Iterator[Problem]:
    """Runs that differ from what was merged: their seal, and each by its own journal and manifest."""
    for one in events[0]["runs"] if events and events[0]["kind"] == "merged" else ():
        below = f"merged/{one['number']}"
        manifest = run / below / MANIFEST
        if not manifest.is_file() or sha256_of(manifest) != one["seal"]:
            yield Problem(f"{below}/{MANIFEST}", "changed" if manifest.is_file() else "missing")
            continue
        for problem in dict.fromkeys([*unsound(run / below), *_changed_since_sealed(run / below)]):
            yield Problem(f"{below}/{problem.path}", problem.kind)


def _mentioned(events: list[Event]) -> set[str]:
    """The evidence that the journal mentions."""
    found: set[str] = set()
    for event in events:
        if event["kind"] == "evidence":
            found.add(str(event.get("sha256")))
        elif event["kind"] == "rectified":
            found |= {str(one["photo"]) for one in event.get("entries") or () if one.get("photo")}
        elif event["kind"] in {"measurement", "finding"}:
            cited = event.get("evidence")
            found |= {str(one) for one in cited} if isinstance(cited, list) else set()
    return found


def unmentioned(run: Path) -> list[str]:
    """Files of sessions that no line of the journal names; a merged run is held against its own journal.

    They are evidence whose line a kill left out, a line that a power cut tore, the notes of a watchdog that
    acted, or what somebody put there before the folder was sealed: nothing tells these apart.
    """
    try:
        named = {found.decode() for found in _DIGEST.findall((run / JOURNAL).read_bytes())}
    except OSError:
        return []
    paths = [one for one in sorted((run / "blobs").rglob("*")) if one.name not in named]
    paths += [one for start in _BESIDE for one in sorted(run.glob(f"{start}*"))]
    found = [one.relative_to(run).as_posix() for one in paths if one.is_file() and not one.is_symlink()]
    for merged in sorted(run.glob("merged/*")):
        found += [f"{merged.relative_to(run).as_posix()}/{name}" for name in unmentioned(merged)]
    return found


def _blob(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest}"


def _changed_since_sealed(run: Path) -> Iterator[Problem]:
    """Files that differ from the last manifest, except reports; none without a manifest."""
    path = run / MANIFEST
    if not path.is_file():
        return
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        listed = {str(one["path"]): str(one["sha256"]) for one in manifest["files"]}
        head, lines = str(manifest["journal"]["head"]), int(manifest["journal"]["lines"])
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Problem(MANIFEST, "unreadable")
        return
    if not _passes(run / JOURNAL, head, lines):
        yield Problem(JOURNAL, "chain")
    for name, digest in listed.items():
        remade = name.startswith(REMADE) and not name.startswith(ISSUES)
        if name == JOURNAL or remade or name.startswith("watchdog.log"):
            continue
        file = run / name
        if not file.is_file():
            yield Problem(name, "missing")
        elif sha256_of(file) != digest:
            yield Problem(name, "changed")
    for file in sorted(run.rglob("*")):
        name = file.relative_to(run).as_posix()
        if file.is_file() and name not in {*listed, *UNLISTED, JOURNAL} and not name.startswith(_ADDED):
            yield Problem(name, "extra")


def _signed_by_none(run: Path) -> Iterator[Problem]:
    """A signature that is not of the manifest it lies beside; half a signature, left by a kill, is none."""
    whole = all((run / f"{MANIFEST}{ending}").is_file() for ending in (".sig", ".pub"))
    if whole and check_file(run / MANIFEST).signedness is Signedness.BROKEN:
        yield Problem(f"{MANIFEST}.sig", "signature")


def _passes(journal: Path, head: str, lines: int) -> bool:
    """Whether the journal has the sealed head at line ``lines``: since then it may only have grown."""
    if lines == 0:
        return head == FIRST
    try:
        written = journal.read_bytes().split(b"\n")[:-1]
    except OSError:
        return False
    return len(written) >= lines and hashlib.sha256(written[lines - 1]).hexdigest() == head
