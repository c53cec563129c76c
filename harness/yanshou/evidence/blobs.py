# SPDX-License-Identifier: Apache-2.0
"""Evidence stored by content.

The name of a file is its SHA-256, so a name in the journal proves the bytes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from yanshou.evidence.durable import write_whole


class BlobStore:
    """The folder ``blobs`` of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep ``data`` durably and return its SHA-256; the same bytes are kept once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            write_whole(path, data)
        return digest

    def path(self, digest: str) -> Path:
        """The path of the evidence with this SHA-256."""
        return self._folder / digest[:2] / digest
