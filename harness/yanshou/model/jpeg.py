# SPDX-License-Identifier: Apache-2.0
"""Whether a JPEG is whole: most decoders fill what is damaged or missing with grey and say nothing.

A JPEG has no checksum: codes that were changed into other valid ones (ITU-T T.81, annex F) show a wrong
picture, and nothing tells.
"""

from __future__ import annotations

from typing import Any

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA


def decoded_jpeg(data: bytes) -> Any | None:
    """The frame (PyAV) of a JPEG that is whole (ITU-T T.81); None if any part of it is damaged or missing.

    Zeros, as a file system fills up what never came, may be valid codes: the end must be there, too.

    Raises NotImplementedError for a form of coding that the decoder does not know (arithmetic coding).
    """
    from av import AudioFrame, Packet  # noqa: PLC0415 - a heavy library, for pictures only
    from av.codec import CodecContext  # noqa: PLC0415
    from av.error import FFmpegError, PatchWelcomeError  # noqa: PLC0415

    if _END not in data[_first_scan(data) :]:
        return None
    context = CodecContext.create("mjpeg", "r")
    context.options = {"err_detect": "explode"}
    try:
        frames = [*context.decode(Packet(data)), *context.decode(None)]
    except PatchWelcomeError as error:
        raise NotImplementedError from error
    except FFmpegError:
        return None
    return frames[0] if frames and not isinstance(frames[0], AudioFrame) else None


def _first_scan(data: bytes) -> int:
    """Where the coded data begin: a thumbnail in front of them has an end of its own (T.81, B.1.1.4)."""
    at = len(_START)
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _SCAN:  # noqa: PLR2004 - a marker
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")  # noqa: PLR2004
    return at


def jpeg_damaged(data: bytes) -> bool:
    """Whether this begins as a JPEG and is not whole, wherever it ends."""
    try:
        return data[:2] == _START and decoded_jpeg(data) is None
    except NotImplementedError:  # whatever reads it decides
        return False
