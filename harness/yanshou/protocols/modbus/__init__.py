# SPDX-License-Identifier: Apache-2.0
"""Modbus as bytes and messages: what is asked, what may count as its answer, and when both passed the wire.

No policy lives here: who polls, how often and what an answer means is decided above.
"""

from yanshou.protocols.modbus.frames import Area, LinkFault, Read, Refused, Unreachable, Unsure, Write
from yanshou.protocols.modbus.master import Master, Reply

__all__ = [
    "Area",
    "LinkFault",
    "Master",
    "Read",
    "Refused",
    "Reply",
    "Unreachable",
    "Unsure",
    "Write",
]
