# SPDX-License-Identifier: Apache-2.0
"""Modbus as bytes and messages: what is asked, what may count as its answer, and when both passed the wire.

No policy lives here: who polls, how often and what an answer means is decided above.
"""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.protocols.modbus.area import Area
    from yanshou.protocols.modbus.frames import LinkFault, Read, Refused, Unreachable, Unsure, Write
    from yanshou.protocols.modbus.master import Master, Reply
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.protocols.modbus.area": ("Area",),
            "yanshou.protocols.modbus.frames": (
                "LinkFault",
                "Read",
                "Refused",
                "Unreachable",
                "Unsure",
                "Write",
            ),
            "yanshou.protocols.modbus.master": ("Master", "Reply"),
        },
    )

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
