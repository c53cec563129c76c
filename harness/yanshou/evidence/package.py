# SPDX-License-Identifier: Apache-2.0
"""A run folder as one archive: written the same way each time, so that every byte of it can be checked.

The archive is a ZIP file whose files are stored, not compressed, in the order of their names and with one
fixed date. So there is one way only to write what it holds: ``verify`` writes it again and compares each
byte. ``SHA256SUMS`` lists every file but itself and its signature, as ``sha256sum -c`` reads it. Nothing is
unpacked from an archive that is not of this form: compressed files, names that lead elsewhere, names that
come twice, links and folders are refused.
"""

from __future__ import annotations

import filecmp
import shutil
import stat
import struct
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from yanshou.evidence.laboratory import LaboratoryKey, Signedness, check_file, sign_file
from yanshou.evidence.manifest import VerifyResult, verify
from yanshou.evidence.soundness import LOCK, Problem, sha256_of
from yanshou.model import UsageError

RUN = "run"
SUMS = "SHA256SUMS"
_NOT_LISTED = frozenset({SUMS, f"{SUMS}.sig", f"{SUMS}.pub"})
_DATE = (1980, 1, 1, 0, 0, 0)
_FILE = (stat.S_IFREG | 0o644) << 16
_UNIX, _UTF8 = 3, 0x800
_FORBIDDEN = frozenset('\\:*?"<>|') | {chr(code) for code in range(32)}
_DAMAGED = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, struct.error, OverflowError,
)  # fmt: skip
"""What a damaged archive may raise."""


def write_package(
    run: Path, into: Path, beside: Mapping[str, bytes], key: LaboratoryKey | None = None
) -> None:
    """Write a run folder and the files ``beside`` it (by name) as an archive at ``into``.

    ``key`` signs ``SHA256SUMS``. Raises UsageError if a name could not be unpacked everywhere.
    """
    files = {
        f"{RUN}/{path.relative_to(run).as_posix()}": path
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.relative_to(run).as_posix() != LOCK
    }
    if wrong := [problem.path for problem in _wrong_names(files)]:
        raise UsageError(f"{wrong[0]!r} cannot be unpacked everywhere.", "Rename it.", path=run)
    with tempfile.TemporaryDirectory(prefix="yanshou-") as temporary:
        folder = Path(temporary)
        for name, data in beside.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            files[name] = folder / name
        listed = "".join(f"{sha256_of(files[name])}  {name}\n" for name in sorted(files))
        (folder / SUMS).write_bytes(listed.encode())
        sign_file(folder / SUMS, key)
        files |= {name: folder / name for name in _NOT_LISTED if (folder / name).is_file()}
        part = into.with_name(into.name + ".part")
        try:
            _write(files, part)
            part.replace(into)
        finally:
            part.unlink(missing_ok=True)


def unpack(package: Path, into: Path) -> list[Problem]:
    """Unpack an archive into an empty folder; returns why it was refused, and then nothing was unpacked."""
    try:
        with zipfile.ZipFile(package) as archive:
            entries = archive.infolist()
            if problems := list(_refused(entries, package.stat().st_size)):
                return problems
            for entry in entries:
                path = into / entry.filename
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, path.open("xb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
    except (*_DAMAGED, FileExistsError, NotADirectoryError):
        return [Problem(package.name, "unreadable")]
    return []


def verify_package(package: Path, folder: Path, key: bytes | None = None) -> VerifyResult:
    """Check an archive that was unpacked into ``folder``, and the run in it.

    ``key`` is the laboratory's public key (32 bytes). The paths of problems are those in the archive.
    """
    found = verify_unpacked(folder, key)
    if found.intact and not _written_so(package, folder):
        return replace(found, intact=False, problems=(Problem(package.name, "changed"),))
    return found


def verify_unpacked(folder: Path, key: bytes | None = None) -> VerifyResult:
    """Check a package that somebody unpacked, by its own list of digests, and the run in it."""
    found = verify(folder / RUN, key)
    problems = [replace(one, path=f"{RUN}/{one.path}") for one in found.problems]
    problems += [one for one in _not_as_listed(folder) if one not in problems]
    signature = check_file(folder / SUMS, key)
    if signature.signedness is Signedness.BROKEN:
        problems.append(Problem(f"{SUMS}.sig", "signature"))
    # of two signatures the one that says less is told: both have to be the laboratory's
    order = list(Signedness)
    worse = min((found.key, signature), key=lambda one: order.index(one.signedness))
    kept = worse if signature.asked or signature.signedness is Signedness.BROKEN else found.key
    return replace(found, intact=not problems, problems=tuple(problems), key=kept)


def refused(problems: Iterable[Problem]) -> VerifyResult:
    """The result for an archive from which nothing was unpacked."""
    return VerifyResult(False, tuple(problems), 0, 0, "", "")


def _write(files: Mapping[str, Path], into: Path) -> None:
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = _UNIX, _FILE
            entry.file_size = files[name].stat().st_size
            with files[name].open("rb") as source, archive.open(entry, "w") as file:
                shutil.copyfileobj(source, file, 1 << 20)


def _written_so(package: Path, folder: Path) -> bool:
    """Whether the archive is, byte for byte, the one way to write these files."""
    files = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    with tempfile.TemporaryDirectory(prefix="yanshou-") as temporary:
        again = Path(temporary) / "again.zip"
        _write(files, again)
        return filecmp.cmp(package, again, shallow=False)


def _refused(entries: list[zipfile.ZipInfo], size: int) -> Iterator[Problem]:
    """What an archive must not hold; looked at before the first byte is unpacked."""
    yield from _wrong_names(entry.filename for entry in entries)
    for entry in entries:
        mode = entry.external_attr >> 16
        if stat.S_ISLNK(mode):
            yield Problem(entry.filename, "link")
        elif entry.is_dir() or (mode and not stat.S_ISREG(mode)):
            yield Problem(entry.filename, "irregular")
        elif entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            yield Problem(entry.filename, "compressed")
        elif entry.flag_bits & ~_UTF8 or not 0 <= entry.header_offset < size:
            yield Problem(entry.filename, "irregular")
    if sum(entry.file_size for entry in entries) > size:
        yield Problem(SUMS, "overlong")


def _wrong_names(names: Iterable[str]) -> Iterator[Problem]:
    """Names that lead out of the folder, that some system cannot hold, or that are one on some system."""
    met: set[str] = set()
    for name in names:
        parts = PurePosixPath(name).parts
        plain = "/".join(parts) == name.rstrip("/") and not name.startswith("/")
        odd = any(part != part.rstrip(" .") for part in parts)  # Windows takes these off
        if not plain or not parts or odd or _FORBIDDEN & set(name):
            yield Problem(name, "name")
        same = unicodedata.normalize("NFC", name).casefold()
        if same in met:
            yield Problem(name, "twice")
        met.add(same)


def _not_as_listed(folder: Path) -> Iterator[Problem]:
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").split("\n")
        listed = {line[66:]: line[:64] for line in lines if line}
    except (OSError, UnicodeDecodeError):
        yield Problem(SUMS, "missing")
        return
    written = "".join(f"{listed[name]}  {name}\n" for name in sorted(listed))
    if written != "\n".join(lines):
        yield Problem(SUMS, "unreadable")
    present = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    for name in sorted(listed.keys() | (present.keys() - _NOT_LISTED)):
        if name not in present:
            yield Problem(name, "missing")
        elif name not in listed:
            yield Problem(name, "extra")
        elif sha256_of(present[name]) != listed[name]:
            yield Problem(name, "changed")
