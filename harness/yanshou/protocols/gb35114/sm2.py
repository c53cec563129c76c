# SPDX-License-Identifier: Apache-2.0
"""SM2 and SM3 (GB/T 32918, GB/T 32905) by the library gmssl-pyx, imported when it is first needed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from yanshou.model import RigFault

_LONGEST = 80  # bytes of a signature in DER: two numbers of at most 33 bytes


def library() -> Any:
    """The library; RigFault that says how to install it."""
    try:
        import gmssl_pyx  # noqa: PLC0415 - an extra
    except ImportError:
        raise RigFault(
            "GB 35114: the library of SM2 and SM3 is not installed.",
            remedy="Install it: pip install 'yanshou[gm]'.",
            final=True,
        ) from None
    return gmssl_pyx


def sm3(data: bytes) -> bytes:
    """The SM3 hash, 32 bytes."""
    return bytes(library().sm3_hash(data))


def sign(key: bytes, public: bytes, data: bytes) -> bytes:
    """An SM2 signature over SM3 in DER, with the usual id of the signer (GM/T 0009: 1234567812345678)."""
    return bytes(library().sm2_sign(key, public, data))


def verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether a signature in DER is that of the owner of ``public`` (64 bytes); False for what is none."""
    if not 0 < len(signature) <= _LONGEST:
        return False
    found = library()
    with _silent():
        try:
            return bool(found.sm2_verify(public, data, signature))
        except found.GmsslInnerError:
            return False


def seal(public: bytes, data: bytes) -> bytes:
    """``data`` (1 to 255 bytes) for the owner of ``public``: SM2 in DER, C1 C3 C2 (GM/T 0009)."""
    return bytes(library().sm2_encrypt(public, data))


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """The library writes a line of its source to standard error for each signature that does not fit."""
    try:
        kept = os.dup(2)
    except OSError:  # a process without standard error
        yield
        return
    if sys.stderr is not None:  # pragma: no branch
        sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
