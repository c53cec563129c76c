# SPDX-License-Identifier: Apache-2.0
"""Pictures of the evidence that may be shown.

Footage is minimised (Order 799, Art. 19). A report contains, scaled down, only pictures whose record says
that they were blurred or cropped, show a test chart, or were photographed by a person for the record. Every
other picture is only named by its SHA-256.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np

from yanshou.reports.records import EvidenceNote
from yanshou.reports.view import RunView

_SHOWN = re.compile(r"blur|crop|chart|thumb|photo|模糊|遮挡|打码|裁剪|图卡|缩略|照片", re.IGNORECASE)
_HIDDEN = re.compile(r"original|unblurred|not blurred|原图|未模糊|未遮挡|未打码", re.IGNORECASE)
_SIDE = 1000
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG ready to show, and the evidence it was made from."""

    name: str
    data: bytes
    note: EvidenceNote


def photos(view: RunView, item: str | None = None) -> list[Photo]:
    """The pictures that may be shown, of one item or of all, each at most 1000 pixels wide."""
    found = {note.sha256: note for note in view.evidence if item in (None, note.item) and _may(note)}
    made = ((note, jpeg_of(view, note.sha256)) for note in found.values())
    return [Photo(f"photo-{note.sha256[:16]}.jpg", data, note) for note, data in made if data]


def _may(note: EvidenceNote) -> bool:
    stated = f"{note.redaction} {note.name} {note.note}"
    return (
        note.media_type in {"image/png", "image/jpeg"}
        and bool(_SHOWN.search(stated))
        and not _HIDDEN.search(stated)
    )


def jpeg_of(view: RunView, sha256: str) -> bytes | None:
    """A picture of the evidence, scaled down; None if the blob is missing or no picture."""
    path = view.blob(sha256)
    if not path.is_file() or not path.stat().st_size:
        return None
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        return None
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    if scale < 1.0:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    good, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(data) if good else None
