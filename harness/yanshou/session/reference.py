# SPDX-License-Identifier: Apache-2.0
"""The reference sequence of a PSNR test: a file of the site folder, or our own in the size of the stream."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.error import FFmpegError

from yanshou.imaging.frame import FULL, LIMITED
from yanshou.imaging.sequence import sequence
from yanshou.model import UsageError
from yanshou.protocols.rtsp.decode import codes_of

OWN: Final = "yanshou reference sequence 1"
_MOST: Final = 500
_FULL_RANGE: Final = 2
Luma = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The pictures (luma, height x width), their codes of black and white, and their digest."""

    name: str
    pictures: Sequence[Luma]
    range: tuple[float, float]
    sha256: str
    own: bool


def own_reference(width: int, height: int) -> Reference:
    """The in-house sequence, which is a formula."""
    pictures = list(sequence(width, height))
    return Reference(f"{OWN}, {width}x{height}", pictures, LIMITED, digest_of(pictures), own=True)


def read_reference(path: Path) -> Reference:
    """The luma of a clip's pictures, up to 500; UsageError for what is no eight-bit planar clip."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise UsageError("holds no video.", "Name the file that is played.", path=path)
            read = [_luma(frame, path) for frame in islice(container.decode(video=0), _MOST + 1)]
    except (FFmpegError, OSError) as error:
        what = f"cannot be read as a clip: {error.strerror or error}."
        raise UsageError(what, "Name the file that is played.", path=path) from None
    if not read:
        raise UsageError("holds no picture that can be decoded.", "Copy it again.", path=path)
    if len(read) > _MOST:
        what = f"has more than {_MOST} pictures."
        raise UsageError(what, "Cut the sequence: it is played round and round.", path=path)
    pictures = [luma for luma, _ in read]
    return Reference(path.name, pictures, FULL if read[0][1] else LIMITED, digest_of(pictures), own=False)


def _luma(frame: Any, path: Path) -> tuple[Luma, bool]:
    """A frame's luma as coded, and whether it says that its range is full."""
    name = frame.format.name
    if not name.startswith(("yuv4", "yuvj4", "gray")) or name.endswith(("le", "be")):
        what = f"has pictures of the form {name}."
        raise UsageError(what, "Give the sequence as eight-bit planar YUV.", path=path)
    full = name.startswith("yuvj") or int(frame.color_range or 0) == _FULL_RANGE
    return codes_of(frame.planes[0]), full


def digest_of(pictures: Sequence[Luma]) -> str:
    """SHA-256 of luma codes: the same whatever file or stream they came in."""
    digest = hashlib.sha256()
    for one in pictures:
        digest.update(np.ascontiguousarray(one).tobytes())
    return digest.hexdigest()
