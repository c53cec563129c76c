# SPDX-License-Identifier: Apache-2.0
"""Where a stream is: its address, its encryption, and what is said of a stream without video."""

from __future__ import annotations

import ssl
from typing import Final

from yanshou.model import RigFault
from yanshou.protocols.address import Address, NoAddress, read_address
from yanshou.protocols.rtsp import sdp

_SCHEMES: Final = frozenset({"rtsp", "rtsps"})


def no_video(sections: list[sdp.Media]) -> str:
    """What the stream contains if it has no video that can be depacketised."""
    if not sections:
        return "the description of the stream names no video."
    names = ", ".join(sorted({section.encoding or section.codec for section in sections}))
    return f"the stream is {names}; H.264 and H.265 are received, Motion JPEG and others are not."


def stream_address(uri: str, device: str) -> Address:
    """The parts of an RTSP address; RigFault if it is none."""
    try:
        address = read_address(uri)
    except NoAddress as error:
        raise RigFault(f"{uri[:200]!r} is no address of an RTSP stream: {error}", device=device) from None
    if address.scheme not in _SCHEMES or not address.host:
        raise RigFault(f"{uri[:200]!r} is no address of an RTSP stream.", device=device)
    return address


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """Devices sign their own certificates, so these are checked only if the site file asks for it."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
