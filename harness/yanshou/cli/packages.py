# SPDX-License-Identifier: Apache-2.0
"""Packages of runs: what is put beside the run folder, encryption by age, and opening one to check it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.evidence import VerifyResult, verify
from yanshou.evidence.package import RUN, SUMS, refused, unpack, verify_package, verify_unpacked
from yanshou.model import UsageError

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

_AGE = b"age-encryption.org/v1"
_FEWEST = 2  # recipients: the laboratory and its recovery key


def beside() -> dict[str, bytes]:
    """The files that a package holds beside the run: how to check it, and what its results mean."""
    pages = resources.files("yanshou.cli") / "package"
    schema = resources.files("yanshou.reports") / "schema" / "results-1.schema.json"
    return {
        "verify.html": (pages / "verify.html").read_bytes(),
        "VERIFY.txt": (pages / "VERIFY.txt").read_bytes(),
        "schema/results-1.schema.json": schema.read_bytes(),
    }


def create_identity(path: Path) -> str:
    """Make an age identity at ``path``, as age-keygen writes it; returns its recipient."""
    require_age()
    from pyrage import x25519  # noqa: PLC0415 - only with the extra

    if path.exists():
        raise UsageError("there is a file of this name.", "A key is made once; name a new file.", path=path)
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    made = datetime.now(UTC).isoformat(timespec="seconds")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii", newline="\n"
    ) as file:
        file.write(f"# created: {made}\n# public key: {recipient}\n{identity}\n")
    return recipient


def recipients(named: Sequence[str]) -> list[Recipient]:
    """The age recipients that were named, or stand in the files that were named."""
    require_age()
    from pyrage import RecipientError, x25519  # noqa: PLC0415 - only with the extra

    texts: list[str] = []
    for one in named:
        texts += _lines(Path(one)) if Path(one).is_file() else [one]
    found = []
    for text in texts:
        try:
            found.append(x25519.Recipient.from_str(text.strip()))
        except RecipientError:
            what = f"{text.strip()[:12]}… is no age recipient."
            raise UsageError(what, "It begins with age1: `yanshou key FILE --age` makes one.") from None
    return found


def enough(named: Sequence[object]) -> bool:
    """Whether a package can still be opened when one key is lost."""
    return len(named) >= _FEWEST


def encrypt(package: Path, into: Path, to: Sequence[Recipient]) -> None:
    """Encrypt a package to every one of the recipients."""
    import pyrage  # noqa: PLC0415 - only with the extra

    part = into.with_name(into.name + ".part")
    try:
        pyrage.encrypt_file(str(package), str(part), list(to))
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def opened(path: Path, identity: Path | None, key: bytes | None) -> Iterator[tuple[Path, VerifyResult]]:
    """The run folder at ``path``, or in the package there, and what its verification found."""
    if path.is_dir():
        unpacked = (path / SUMS).is_file() and (path / RUN).is_dir()
        yield (path / RUN, verify_unpacked(path, key)) if unpacked else (path, verify(path, key))
        return
    if not path.is_file():
        raise UsageError("there is no such folder or file.", "Name a run folder or a package.", path=path)
    with tempfile.TemporaryDirectory(prefix="yanshou-") as temporary:
        archive, folder = _decrypted(path, identity, Path(temporary)), Path(temporary) / "package"
        folder.mkdir()
        if problems := unpack(archive, folder):
            yield folder / RUN, refused(problems)
        else:
            yield folder / RUN, verify_package(archive, folder, key)


def _decrypted(package: Path, identity: Path | None, into: Path) -> Path:
    with package.open("rb") as file:
        if file.read(len(_AGE)) != _AGE:
            return package
    if identity is None:
        raise UsageError("the package is encrypted.", "Name the key: --identity FILE.", path=package)
    require_age()
    import pyrage  # noqa: PLC0415 - only with the extra

    archive = into / package.with_suffix("").name
    try:
        pyrage.decrypt_file(str(package), str(archive), _identities(identity))
    except (pyrage.DecryptError, OSError, ValueError):
        raise UsageError(
            "the package cannot be decrypted: it was changed, or encrypted to another key.",
            "Name the laboratory's or the recovery key: --identity FILE.",
            path=package,
        ) from None
    return archive


def _identities(path: Path) -> list[Identity]:
    from pyrage import IdentityError, x25519  # noqa: PLC0415 - only with the extra

    try:
        return [x25519.Identity.from_str(line) for line in _lines(path)]
    except (IdentityError, OSError, UnicodeDecodeError):
        raise UsageError(
            "this is no age identity.", "Name the file that `yanshou key FILE --age` made.", path=path
        ) from None


def _lines(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def require_age() -> None:
    """UsageError if the extra is not installed."""
    if importlib.util.find_spec("pyrage") is None:
        raise UsageError("encrypted packages need pyrage.", "Install yanshou[sign].")
