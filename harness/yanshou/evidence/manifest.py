# SPDX-License-Identifier: Apache-2.0
"""The manifest of a run folder, and the check of every byte against it.

The manifest lists each file with its size and SHA-256 and holds the head of the journal. This finds changed,
missing and extra files, and a journal cut at the end of a line. Its own SHA-256 is what a person notes down;
``verify`` prints it. The laboratory's key signs it, if there is one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from yanshou.evidence.durable import write_whole
from yanshou.evidence.issues import Issue, copies_of, issues_of
from yanshou.evidence.journal import FIRST, Event, read_events
from yanshou.evidence.laboratory import (
    KeySignature,
    LaboratoryKey,
    Signedness,
    check_file,
    session_key,
    sign_file,
    unsign,
)
from yanshou.evidence.signed import SignedFile, signed_files, unrecorded
from yanshou.evidence.soundness import (
    JOURNAL,
    LOCK,
    MANIFEST,
    REMADE,
    UNLISTED,
    Problem,
    once_not_intact,
    require_sound,
    sha256_of,
    unmentioned,
    unsound,
)
from yanshou.model import UsageError
from yanshou.model.limited import LARGEST_KEPT, BeyondLimitsError, limited_bytes, parse_json

_FORMAT = "yanshou-manifest/1"
_UNSIGNED = KeySignature(Signedness.UNSIGNED)
_SHORTEST = 16  # characters of a digest that somebody noted: 64 bit


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The result of ``verify``; ``seal`` is the SHA-256 of the manifest itself."""

    intact: bool
    problems: tuple[Problem, ...]
    files: int
    bytes: int
    head: str
    seal: str
    answers: tuple[ChangedAnswers, ...] = ()  # not a problem of the folder: the journal records it
    issues: tuple[KeptIssue, ...] = ()
    signed: tuple[SignedFile, ...] = ()
    key: KeySignature = _UNSIGNED  # of the manifest, by the laboratory's key
    unmentioned: tuple[UnmentionedFile, ...] = ()  # no problem: a kill leaves such


class UnmentionedFile(NamedTuple):
    """A file of a session that no line of the journal names."""

    path: str
    bytes: int


class KeptIssue(NamedTuple):
    """One issue of the report, and the SHA-256 of each of its files, by path."""

    issue: Issue
    files: dict[str, str]


class FileState(NamedTuple):
    """By what a file that was made anew differs from the one before, even where the bytes are the same."""

    written: int  # ns
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileState:
        """Look at the file as it is."""
        state = path.stat()
        return cls(state.st_mtime_ns, state.st_ino)


class ChangedAnswers(NamedTuple):
    """Written answers that were changed between two sessions, and the line of the journal that says so."""

    line: int
    file: str
    keys: tuple[str, ...]


def seal(run: Path, found: Mapping[str, FileState] | None = None) -> str:
    """Write the manifest over all files of the run folder; returns its SHA-256.

    ``found`` are the reports that were not as sealed when the command began (``reports_as_found``); those it
    did not make anew are not listed as they are, so that ``verify`` goes on telling of them. A command that
    makes no reports gives none. Raises UsageError when the folder is not sound: a changed folder is never
    sealed again.
    """
    require_sound(run)
    return seal_as_it_is(run, found=found)


def reports_as_found(run: Path) -> dict[str, FileState]:
    """The files below ``report/`` that are not as the last manifest lists them."""
    return _reports_unlike(run, _listed_before(run))


def _reports_unlike(run: Path, listed: Mapping[str, dict[str, Any]]) -> dict[str, FileState]:
    return {
        name: FileState.of(path)
        for path in _files(run)
        if (name := path.relative_to(run).as_posix()).startswith(REMADE)
        and not (name in listed and _same(path, listed[name]))
    }


def seal_as_it_is(
    run: Path, key: LaboratoryKey | None = None, *, found: Mapping[str, FileState] | None = None
) -> str:
    """Write the manifest over the folder as it is; only after its problems were journalled.

    It is signed by ``key``, or by the key that ``YANSHOU_KEY`` names. Raises UsageError if that key cannot be
    read; the manifest is written all the same.
    """
    _without_empty_folders(run / "blobs")
    listed = _listed_before(run)
    now = _reports_unlike(run, listed)
    left = {name: listed.get(name) for name, one in now.items() if found is None or found.get(name) == one}
    data = _manifest(run, left)
    unsign(run / MANIFEST)
    write_whole(run / MANIFEST, data)
    sign_file(run / MANIFEST, key or session_key())
    return hashlib.sha256(data).hexdigest()


def verify(run: Path, key: bytes | None = None) -> VerifyResult:
    """Compare every byte of a run folder with its manifest and its journal; needs only the folder.

    ``key`` is the laboratory's public key (32 bytes), with which the manifest should be signed.
    """
    try:
        data = limited_bytes(run / MANIFEST, LARGEST_KEPT)
    except (OSError, BeyondLimitsError):
        return VerifyResult(False, (Problem(MANIFEST, "unsealed"),), 0, 0, "", "")
    try:
        expected = _manifest(run)
    except (UsageError, OSError):
        expected = b""
    try:
        problems = [] if data == expected else _differences(run, parse_json(data))
        problems += [
            one
            for one in (*_irregular(run), *unsound(run), *once_not_intact(run), *_unknown(run))
            if one not in problems
        ]
        head = parse_json(data)["journal"]["head"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return VerifyResult(False, (Problem(MANIFEST, "unreadable"),), 0, 0, "", "")
    paths = list(_files(run))
    size = sum(path.lstat().st_size for path in paths)
    signature = check_file(run / MANIFEST, key)
    if signature.signedness is Signedness.BROKEN:
        problems.append(Problem(f"{MANIFEST}.sig", "signature"))
    return VerifyResult(
        not problems,
        tuple(problems),
        len(paths),
        size,
        head,
        hashlib.sha256(data).hexdigest(),
        *_listed(run),
        signature,
        tuple(UnmentionedFile(name, (run / name).stat().st_size) for name in unmentioned(run)),
    )


def _without_empty_folders(folder: Path) -> None:
    """Remove the empty folders in which a write that was killed, or met a full disk, began."""
    for path in (*sorted(folder.rglob("*"), reverse=True), folder):
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):  # it holds something
                path.rmdir()


def _events(run: Path) -> list[Event]:
    try:
        return list(read_events(run / JOURNAL, torn_allowed=True))
    except (UsageError, OSError):
        return []


def _listed(run: Path) -> tuple[tuple[ChangedAnswers, ...], tuple[KeptIssue, ...], tuple[SignedFile, ...]]:
    """What the journal tells beside its problems: changed answers, issues, signed files."""
    events = _events(run)
    try:
        answers = tuple(
            ChangedAnswers(int(one["seq"]), str(one.get("file")), tuple(map(str, one["changed"])))
            for one in events
            if one["kind"] == "answers" and one.get("changed")
        )
        issues = tuple(KeptIssue(one, copies_of(run, one)) for one in issues_of(events))
        return answers, issues, signed_files(events)
    except (OSError, ValueError, KeyError, TypeError):
        return (), (), ()


def _unknown(run: Path) -> Iterator[Problem]:
    """Files named like signed ones that the journal does not know."""
    try:
        signed = signed_files(_events(run))
    except (ValueError, KeyError, TypeError):
        return
    yield from (Problem(name, "unrecorded") for name in unrecorded(run, signed))


def passes_through(run: Path, digest: str) -> str:
    """What a digest noted outside the folder belongs to: ``seal``, ``journal`` (one of its lines) or "".

    A digest may be cut short, to 16 characters at least. The digest of a journal line proves that line, all
    lines before it, and the frozen files and evidence they name; the seal proves every file.
    """
    wanted = digest.strip().lower()
    if len(wanted) < _SHORTEST:
        return ""
    try:
        if hashlib.sha256((run / MANIFEST).read_bytes()).hexdigest().startswith(wanted):
            return "seal"
        lines = (run / JOURNAL).read_bytes().split(b"\n")[:-1]
    except OSError:
        return ""
    heads = (hashlib.sha256(line).hexdigest() for line in lines)
    return "journal" if any(head.startswith(wanted) for head in heads) else ""


def _manifest(run: Path, left: Mapping[str, dict[str, Any] | None] = MappingProxyType({})) -> bytes:
    """The manifest of the folder as it is; what is ``left`` keeps its entry of before, or has none."""
    head, lines = _chain(run)
    files = []
    for path in _files(run):
        name = path.relative_to(run).as_posix()
        now = {"path": name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        if (entry := left.get(name, now)) is not None:
            files.append(entry)
    return _canonical({"format": _FORMAT, "journal": {"head": head, "lines": lines}, "files": files})


def _listed_before(run: Path) -> dict[str, dict[str, Any]]:
    """The entries of the last manifest, by path; none where there is no manifest that can be read."""
    try:
        manifest = parse_json(limited_bytes(run / MANIFEST, LARGEST_KEPT))
        return {str(entry["path"]): entry for entry in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError, BeyondLimitsError):
        return {}


def _differences(run: Path, manifest: dict[str, Any]) -> list[Problem]:
    """The files that differ; if every file is as listed, the manifest itself was changed."""
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present = {path.relative_to(run).as_posix(): path for path in _files(run)}
    problems = [Problem(name, "missing") for name in sorted(listed.keys() - present.keys())]
    problems += [Problem(name, "extra") for name in sorted(present.keys() - listed.keys())]
    problems += [
        Problem(name, "changed")
        for name in sorted(listed.keys() & present.keys())
        if not _same(present[name], listed[name])
    ]
    problems += _chain_problems(run, manifest["journal"]["head"])
    return problems or [Problem(MANIFEST, "changed")]


def _same(path: Path, entry: dict[str, Any]) -> bool:
    try:
        return bool(path.stat().st_size == entry["bytes"] and sha256_of(path) == entry["sha256"])
    except OSError:
        return False


def _chain(run: Path) -> tuple[str, int]:
    """Head and number of lines of the journal; UsageError where the chain is broken."""
    path = run / "journal.jsonl"
    lines = sum(1 for _ in read_events(path))
    last = path.read_bytes().rstrip(b"\n").rsplit(b"\n", 1)[-1]
    return (hashlib.sha256(last).hexdigest() if lines else FIRST), lines


def _chain_problems(run: Path, sealed_head: str) -> list[Problem]:
    try:
        head, _ = _chain(run)
    except (UsageError, OSError):
        return [Problem("journal.jsonl", "chain")]
    return [] if head == sealed_head else [Problem("journal.jsonl", "chain")]


def _files(run: Path) -> Iterator[Path]:
    """The regular files; links are not followed."""
    for path in sorted(run.rglob("*")):
        if path.relative_to(run).as_posix() in UNLISTED:
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def _irregular(run: Path) -> Iterator[Problem]:
    """Things a manifest does not list: links, pipes and the like, and empty folders."""
    for path in sorted(run.rglob("*")):
        name = path.relative_to(run).as_posix()
        if path.is_symlink():
            yield Problem(name, "link")
        elif (path.is_dir() and not any(path.iterdir())) or not (path.is_dir() or path.is_file()):
            yield Problem(name, "irregular")
    lock = run / LOCK
    if lock.is_file() and lock.stat().st_size:
        yield Problem(LOCK, "extra")


def _canonical(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
