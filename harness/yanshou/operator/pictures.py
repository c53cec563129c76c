# SPDX-License-Identifier: Apache-2.0
"""Whether a file offered as a photograph shows anything, and whether it was offered before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from yanshou.model import Text
from yanshou.model.limited import BeyondLimitsError, limited_bytes, why
from yanshou.model.whole import picture_damaged
from yanshou.operator.messages import message
from yanshou.operator.questions import BadAnswerError, PhotoQuestion, Question

if TYPE_CHECKING:
    import numpy as np

_LONG, _SHORT = 320, 240  # smallest size in pixels that can show anything
_LARGEST_BYTES = 200_000_000  # of a photograph, scan or film; it is kept as evidence
_PDF = b"%PDF-"
_HEADS: Final[dict[str, bytes | tuple[bytes, ...]]] = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/bmp": b"BM",
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "application/pdf": _PDF,
    "video/x-matroska": b"\x1aE\xdf\xa3",
}


def media_type(content: bytes) -> str:
    """The media type by the first bytes of a file, whatever its name; "" if unknown."""
    for name, head in _HEADS.items():
        if content.startswith(head):
            return name
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}.get(content[8:12], "")
    return "video/mp4" if content[4:8] == b"ftyp" else ""


def fault_of(path: Path, question: PhotoQuestion) -> Text | None:
    """What is wrong with ``path`` as the photograph that is asked for; None when it can be kept."""
    try:
        content = limited_bytes(path, _LARGEST_BYTES)
    except (OSError, BeyondLimitsError) as error:
        return message("wanted.readable", why=why(error))
    found = media_type(content)
    if found == "application/pdf" and question.scan:
        return None if b"%%EOF" in content[-2048:] else message("wanted.whole_pdf")
    if picture_damaged(content):
        return message("wanted.whole_photograph")
    if found.startswith("image/"):
        picture = _decoded(content)
    elif found.startswith("video/") and question.film:
        picture = _first_frame(path)
    else:
        picture = None
    if picture is None:
        return message("wanted.photograph")
    height, width = picture.shape[:2]
    if max(height, width) < _LONG or min(height, width) < _SHORT:
        return message("wanted.pixels", long=_LONG, short=_SHORT, width=width, height=height)
    return None


def _decoded(content: bytes) -> np.ndarray | None:
    import cv2  # noqa: PLC0415 - most runs have no photograph
    import numpy as np  # noqa: PLC0415

    try:
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # more pixels than OpenCV takes
        return None


def _first_frame(path: Path) -> np.ndarray | None:
    import cv2  # noqa: PLC0415 - most runs have no film

    film = cv2.VideoCapture(str(path))
    try:
        read, frame = film.read()
    finally:
        film.release()
    return frame if read else None


def shown_digest(content: bytes) -> str:
    """SHA-256 of the pixels of a picture, whatever the file is named or coded; "" if it is no picture.

    A photograph saved once more, as a PNG or with other data beside its pixels, has the same digest.
    """
    if not media_type(content).startswith("image/"):
        return ""
    picture = _decoded(content)
    if picture is None:
        return ""
    size = f"{picture.shape[1]}x{picture.shape[0]}:".encode()
    return hashlib.sha256(size + picture.tobytes()).hexdigest()


class Album:
    """The photographs of this run; each may answer one question only.

    The same question may get the same photograph again, as when its item is repeated. A photograph is known
    by its file and by its pixels, so a copy that was saved anew is the same photograph.
    """

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        """``given`` maps the SHA-256 of photographs of earlier sessions to the question each answered.

        It may hold the digests of their pixels as well.
        """
        self._given = dict(given or {})

    def keep(self, question: Question, path: Path) -> None:
        """Keep the photograph; BadAnswerError if another question or device has it already."""
        content = limited_bytes(path, _LARGEST_BYTES)
        digests = (hashlib.sha256(content).hexdigest(), shown_digest(content))
        known = [self._given[one] for one in digests if one in self._given]
        before = next((one for one in known if one != question.key), question.key)
        if before == question.key:
            self._given.update(dict.fromkeys(filter(None, digests), question.key))
        else:
            raise BadAnswerError(
                message("wanted.own_photo", other=before),
                f"«{question.text}» was answered with the photograph of {before}.",
                device=question.key,
                remedy=f"It needs a photograph of its own: {path.name} was given for {before}.",
                final=True,
            )
