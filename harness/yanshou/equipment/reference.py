# SPDX-License-Identifier: Apache-2.0
"""The reference sequence of a PSNR test read from a file of the site folder."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, Final

import av
from av.error import FFmpegError

from yanshou.imaging.frame import FULL, LIMITED
from yanshou.imaging.reference import Luma, ReferenceSequence, digest_of
from yanshou.model import UsageError
from yanshou.protocols.rtsp.damage import WholeFrames
from yanshou.protocols.rtsp.decode import codes_of

_MOST: Final = 500
_FULL_RANGE: Final = 2


def read_reference(path: Path) -> ReferenceSequence:
    """The luma of a clip's pictures, up to 500; UsageError if it is no eight-bit planar clip."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise UsageError("holds no video.", "Name the file that is played.", path=path)
            frames = WholeFrames(container, container.streams.video[0])
            read = [_luma(frame, path) for frame in islice(frames, _MOST + 1)]
    except (FFmpegError, OSError) as error:
        what = f"cannot be read as a clip: {error.strerror or error}."
        raise UsageError(what, "Name the file that is played.", path=path) from None
    if frames.damaged:
        raise UsageError("holds damaged pictures.", "Copy it from its source again.", path=path)
    if not read:
        raise UsageError("holds no picture that can be decoded.", "Copy it again.", path=path)
    if len(read) > _MOST:
        what = f"has more than {_MOST} pictures."
        raise UsageError(what, "Cut the sequence: it is played round and round.", path=path)
    pictures = [luma for luma, _ in read]
    return ReferenceSequence(
        path.name, pictures, FULL if read[0][1] else LIMITED, digest_of(pictures), own=False
    )


def _luma(frame: Any, path: Path) -> tuple[Luma, bool]:
    """A frame's luma as coded, and whether it states full range."""
    name = frame.format.name
    if not name.startswith(("yuv4", "yuvj4", "gray")) or name.endswith(("le", "be")):
        what = f"has pictures of the form {name}."
        raise UsageError(what, "Give the sequence as eight-bit planar YUV.", path=path)
    full = name.startswith("yuvj") or int(frame.color_range or 0) == _FULL_RANGE
    return codes_of(frame.planes[0]), full
