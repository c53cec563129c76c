# SPDX-License-Identifier: Apache-2.0
"""The messages between a run and the process that receives one stream: the order, and the records.

On the pipe every record is one letter, the length of its body in four bytes, and the body: ``J`` a JSON
object, ``F`` a frame, ``P`` a batch of packets in the order of their arrival.
"""

from __future__ import annotations

import struct
from dataclasses import asdict, dataclass, field
from typing import Any, Final

HEAD: Final = struct.Struct("<cI")
PACKET: Final = struct.Struct("<dIIHHB")  # arrival s, RTP time, SSRC, sequence number, bytes, marker
FRAME: Final = struct.Struct("<qddIIB")  # RTP ticks, first and last arrival s, bytes, packets, flags

KEY: Final = 1
COMPLETE: Final = 2

KEEP_NOTHING: Final = "nothing"
KEEP_KEYS: Final = "keys"
KEEP_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call of GB/T 28181 instead of an RTSP session: the own address, and the way the media comes.

    ``way`` is one of ``MediaWay``; ``patience_s`` how long the signalling may take; ``ports`` the first and
    the last port that media may be sent to, None for any; ``refuse``: media connections are reset at once.
    """

    host: str
    way: str
    patience_s: float
    ports: tuple[int, int] | None = None
    refuse: bool = False


@dataclass(frozen=True, slots=True)
class StreamOrder:
    """One live session: where, for how long from its first frame, and which coded frames are returned.

    ``transport`` is tcp, udp or auto; ``basic`` permits sending the password in clear if the server asks for
    that; ``first_s`` and ``idle_s`` are the longest silence at the start and later, in seconds; ``keep`` is
    nothing, keys (and what a decoder needs to begin) or all, up to ``keep_bytes``. ``call`` is there
    for media that another process signals; ``uri`` is then empty.
    """

    uri: str
    user: str = ""
    password: str = field(default="", repr=False)
    device: str = ""
    timeout_s: float = 5.0
    transport: str = "auto"
    tls_verify: bool = False
    basic: bool = False
    seconds: float = 1.0
    first_s: float = 10.0
    idle_s: float = 5.0
    keep: str = KEEP_KEYS
    keep_bytes: int = 128 * 1024 * 1024
    call: CallOrder | None = None

    @classmethod
    def of(cls, said: dict[str, Any]) -> StreamOrder:
        """Read one from the pipe."""
        call = said.pop("call", None)
        return cls(**said, call=None if call is None else CallOrder(**call))

    def as_json(self) -> dict[str, Any]:
        """Plain data for the pipe."""
        return asdict(self)
