# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181: SIP messages, MANSCDP bodies and program streams, read strictly and with limits.

Nothing here opens a socket; what a device may be answered is decided by the platform.
"""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.protocols.gb28181.digest import DigestGate, DigestOutcome, DigestVerdict
    from yanshou.protocols.gb28181.findings import Oddities, OddityCount, PsOddity, SipOddity, XmlOddity
    from yanshou.protocols.gb28181.gathering import GatheringState, PartGathering, PartOutcome
    from yanshou.protocols.gb28181.manscdp import Manscdp, UnreadableXml, read_manscdp
    from yanshou.protocols.gb28181.program_stream import PsWalker, WalkedStream
    from yanshou.protocols.gb28181.sip import (
        SipFrame,
        SipFramer,
        SipNoise,
        SipReading,
        UnreadableSip,
        read_sip,
        reply_to,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.protocols.gb28181.digest": ("DigestGate", "DigestOutcome", "DigestVerdict"),
            "yanshou.protocols.gb28181.findings": (
                "Oddities",
                "OddityCount",
                "PsOddity",
                "SipOddity",
                "XmlOddity",
            ),
            "yanshou.protocols.gb28181.gathering": ("GatheringState", "PartGathering", "PartOutcome"),
            "yanshou.protocols.gb28181.manscdp": ("Manscdp", "UnreadableXml", "read_manscdp"),
            "yanshou.protocols.gb28181.program_stream": ("PsWalker", "WalkedStream"),
            "yanshou.protocols.gb28181.sip": (
                "SipFrame",
                "SipFramer",
                "SipNoise",
                "SipReading",
                "UnreadableSip",
                "read_sip",
                "reply_to",
            ),
        },
    )

__all__ = [
    "DigestGate",
    "DigestOutcome",
    "DigestVerdict",
    "GatheringState",
    "Manscdp",
    "Oddities",
    "OddityCount",
    "PartGathering",
    "PartOutcome",
    "PsOddity",
    "PsWalker",
    "SipFrame",
    "SipFramer",
    "SipNoise",
    "SipOddity",
    "SipReading",
    "UnreadableSip",
    "UnreadableXml",
    "WalkedStream",
    "XmlOddity",
    "read_manscdp",
    "read_sip",
    "reply_to",
]
