# SPDX-License-Identifier: Apache-2.0
"""Whether a JPEG is whole: most decoders fill what is damaged or missing with grey and say nothing.

A JPEG has no checksum: codes that were changed into other valid ones (ITU-T T.81, annex F) show a wrong
picture, and nothing tells.
"""

from __future__ import annotations

from typing import Any

_START = b"\xff\xd8"


def decoded_jpeg(data: bytes) -> Any | None:
    """The frame (PyAV) of a JPEG that is whole (ITU-T T.81); None if any part of it is damaged or missing.

    Raises NotImplementedError for a form of coding that the decoder does not know (arithmetic coding).
    """
    from av import AudioFrame, Packet  # noqa: PLC0415 - a heavy library, for pictures only
    from av.codec import CodecContext  # noqa: PLC0415
    from av.error import FFmpegError, PatchWelcomeError  # noqa: PLC0415

    context = CodecContext.create("mjpeg", "r")
    context.options = {"err_detect": "explode"}
    try:
        frames = [*context.decode(Packet(data)), *context.decode(None)]
    except PatchWelcomeError as error:
        raise NotImplementedError from error
    except FFmpegError:
        return None
    return frames[0] if frames and not isinstance(frames[0], AudioFrame) else None


def jpeg_damaged(data: bytes) -> bool:
    """Whether this begins as a JPEG and is not whole, wherever it ends."""
    try:
        return data[:2] == _START and decoded_jpeg(data) is None
    except NotImplementedError:  # whatever reads it decides
        return False
