# SPDX-License-Identifier: Apache-2.0
"""The laboratory's key (Ed25519, RFC 8032), which signs the manifest at the end of each session.

A folder that was made anew as a whole, with a new journal and a new manifest, is intact in itself; only the
signature of a key that the forger does not have shows it. ``YANSHOU_KEY`` names the private key (PEM,
PKCS#8), ``YANSHOU_KEY_PASSPHRASE`` holds its passphrase. Beside a signed file ``X`` stand ``X.sig`` (64
bytes) and ``X.pub`` (the public key, PEM), as OpenSSL reads them. Who has no pycryptodomex is told that the
signature was not checked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from yanshou.evidence.durable import write_whole
from yanshou.model import UsageError

KEY, PASSPHRASE = "YANSHOU_KEY", "YANSHOU_KEY_PASSPHRASE"
_SPKI = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: the header of an Ed25519 public key
_PRIVATE, _SIGNATURE = 32, 64  # bytes
_BEGIN, _END = "-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n"
_PROTECTION = "scryptAndAES256-CBC"  # as OpenSSL reads it
_LARGEST = 65_536  # bytes of a file that holds a key


class Signedness(StrEnum):
    """What is known about the signature of a file by the laboratory's key."""

    UNSIGNED = "unsigned"
    UNCHECKED = "unchecked"
    BROKEN = "broken"
    UNKNOWN_KEY = "unknown_key"  # it fits the key beside it, and nobody said whose key that should be
    ANOTHER_KEY = "another_key"
    LABORATORY = "laboratory"


@dataclass(frozen=True, slots=True)
class KeySignature:
    """The signature of a file: what is known about it, and the SHA-256 of the public key beside it.

    ``asked`` says whether it was compared with a key that somebody named.
    """

    signedness: Signedness
    fingerprint: str = ""
    asked: bool = False

    @property
    def refused(self) -> bool:
        """Whether it speaks against the file: damaged, or not by the key that was asked for."""
        good = {Signedness.LABORATORY} if self.asked else set(Signedness) - {Signedness.BROKEN}
        return self.signedness not in good


class LaboratoryKey:
    """A private key that was read; it never leaves this object."""

    def __init__(self, key: Any) -> None:
        self._key = key
        self.public: bytes = key.public_key().export_key(format="raw")

    def sign(self, data: bytes) -> bytes:
        """The signature of ``data``, 64 bytes."""
        from Cryptodome.Signature import eddsa  # noqa: PLC0415 - who verifies may have the standard library alone

        signature: bytes = eddsa.new(self._key, "rfc8032").sign(data)
        return signature


def create_key(path: Path, passphrase: str) -> str:
    """Make a key: ``path`` (private) and ``path.pub``; returns the fingerprint.

    The private key is encrypted by ``passphrase``; if that is empty, only the permissions of the file protect
    it. UsageError if the file is there already: a key that was told to clients is never overwritten.
    """
    from Cryptodome.PublicKey import ECC  # noqa: PLC0415

    if path.exists():
        raise UsageError("there is a file of this name.", "A key is made once; name a new file.", path=path)
    key = ECC.generate(curve="ed25519")
    text = (
        key.export_key(format="PEM", use_pkcs8=True, passphrase=passphrase, protection=_PROTECTION)
        if passphrase
        else key.export_key(format="PEM", use_pkcs8=True)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii", newline="\n"
    ) as file:
        file.write(text + "\n")
    made = LaboratoryKey(key)
    write_whole(path.with_name(path.name + ".pub"), public_pem(made.public))
    return fingerprint(made.public)


def read_key(path: Path, passphrase: str) -> LaboratoryKey:
    """The private key of a file; UsageError if there is none, or another passphrase opens it."""
    from Cryptodome.PublicKey import ECC  # noqa: PLC0415

    try:
        text = _limited(path).decode()
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "no key can be read there.", "Make one with `yanshou key FILE`.", path=path
        ) from None
    try:
        key = ECC.import_key(text, passphrase=passphrase or None)
    except (ValueError, IndexError, TypeError):
        what = "the key cannot be opened: it has another passphrase, or is no private key."
        raise UsageError(what, f"The passphrase is read from {PASSPHRASE}.", path=path) from None
    if key.curve != "Ed25519" or not key.has_private():
        raise UsageError("this is no private Ed25519 key.", "Make one with `yanshou key FILE`.", path=path)
    return LaboratoryKey(key)


def session_key() -> LaboratoryKey | None:
    """The key named by ``YANSHOU_KEY``; None if it names none."""
    path = os.environ.get(KEY, "")
    return read_key(Path(path), os.environ.get(PASSPHRASE, "")) if path else None


def sign_file(path: Path, key: LaboratoryKey | None) -> None:
    """Put the signature and the public key beside a file; without a key, nothing but remove older ones."""
    unsign(path)
    if key is not None:
        write_whole(path.with_name(path.name + ".pub"), public_pem(key.public))
        write_whole(path.with_name(path.name + ".sig"), key.sign(path.read_bytes()))


def unsign(path: Path) -> None:
    """Remove a signature: what it was of is about to change."""
    for ending in (".sig", ".pub"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def check_file(path: Path, wanted: bytes | None = None) -> KeySignature:
    """What is known about the signature beside a file; ``wanted`` is the key it should be by (32 bytes)."""
    signature, beside = (path.with_name(path.name + ending) for ending in (".sig", ".pub"))
    asked = wanted is not None
    if not signature.exists() and not beside.exists():
        return KeySignature(Signedness.UNSIGNED, asked=asked)
    try:
        signed, public = _limited(signature), read_public(beside)
        fits = _fits(path.read_bytes(), signed, public)
    except (OSError, UsageError):
        return KeySignature(Signedness.BROKEN, asked=asked)
    known = {None: Signedness.UNCHECKED, False: Signedness.BROKEN, True: Signedness.UNKNOWN_KEY}[fits]
    if fits and asked:
        known = Signedness.LABORATORY if wanted == public else Signedness.ANOTHER_KEY
    return KeySignature(known, fingerprint(public), asked)


def read_public(path: Path) -> bytes:
    """The public key of a PEM file, 32 bytes; UsageError if it is not written as this project writes it."""
    try:
        text = _limited(path).decode("ascii")
        spki = base64.b64decode(text.removeprefix(_BEGIN).removesuffix(_END), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error):
        text, spki = "", b""
    public = spki.removeprefix(_SPKI)
    if len(public) != _PRIVATE or public_pem(public).decode() != text:
        raise UsageError(
            "this is no public Ed25519 key.", "Name the .pub file that `yanshou key` made.", path=path
        )
    return public


def public_pem(public: bytes) -> bytes:
    """A public key as PEM, in the one spelling that ``read_public`` accepts."""
    return (_BEGIN + base64.b64encode(_SPKI + public).decode() + _END).encode()


def fingerprint(public: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key: what the laboratory tells its clients."""
    return hashlib.sha256(public).hexdigest()


def _fits(data: bytes, signature: bytes, public: bytes) -> bool | None:
    """Whether the signature is of these bytes by this key; None if nothing here can tell."""
    try:
        from Cryptodome.Signature import eddsa  # noqa: PLC0415
    except ImportError:
        return None
    if len(signature) != _SIGNATURE:
        return False
    try:
        eddsa.new(eddsa.import_public_key(public), "rfc8032").verify(data, signature)
    except ValueError:
        return False
    return True


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)
