# SPDX-License-Identifier: Apache-2.0
"""A file that a phone sends: written to the disk block by block, bounded, named by its own digest."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Final

from yanshou.console.desk import NotTakenError
from yanshou.console.metadata import stripped
from yanshou.console.prompts import FILES, Prompt
from yanshou.evidence.durable import evidence_fault
from yanshou.operator import media_type
from yanshou.operator.ink import LARGEST as LARGEST_SIGNATURE

LARGEST_PHOTO: Final = 25_000_000
LARGEST_FILM: Final = 200_000_000
"""Bytes of a scan or film, as for one that is named at the terminal."""
_ENDINGS: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
}
_HEAD = 64


class Upload:
    """One file on its way to the folder of photographs; ``drop`` must be called at the end."""

    def __init__(self, folder: Path, prompt: Prompt, *, strip: bool = False) -> None:
        if prompt.kind not in FILES:
            raise NotTakenError(422, "bad")
        self._folder = folder
        self._strip = strip
        self._most = LARGEST_FILM if prompt.own.get("film") or prompt.own.get("scan") else LARGEST_PHOTO
        if prompt.kind == "signature":
            self._most = LARGEST_SIGNATURE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._part = folder / f"{secrets.token_hex(8)}.part"
        self._file = self._part.open("wb")
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, block: bytes) -> None:
        """Add a block; NotTakenError when the file is too large."""
        self._size += len(block)
        if self._size > self._most:
            raise NotTakenError(413, "large", most=self._most // 1_000_000)
        self._digest.update(block)
        try:
            self._file.write(block)
        except OSError as error:
            raise NotTakenError(507, "bad", what=str(evidence_fault(self._part, error))) from error

    def keep(self) -> str:
        """Keep the file under its SHA-256; returns its name. Whether it shows anything is checked later."""
        self._file.close()
        with self._part.open("rb") as file:
            kind = media_type(file.read(_HEAD))
        if kind not in _ENDINGS:
            raise NotTakenError(422, "no_picture")
        digest = self._digest.hexdigest()
        if self._strip and kind.startswith("image/"):
            digest = self._stripped()
        name = f"{digest}{_ENDINGS[kind]}"
        self._part.replace(self._folder / name)
        return name

    def _stripped(self) -> str:
        """Put the picture without place and time in place of what was sent; returns its SHA-256."""
        try:
            content = stripped(self._part.read_bytes())
        except ValueError:
            raise NotTakenError(422, "no_picture") from None
        self._part.write_bytes(content)
        return hashlib.sha256(content).hexdigest()

    def drop(self) -> None:
        """Remove what was not kept."""
        self._file.close()
        self._part.unlink(missing_ok=True)
