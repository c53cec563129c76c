# SPDX-License-Identifier: Apache-2.0
"""Modbus as bytes and messages: requests, what counts as an answer, and when both passed the wire.

There is no policy here: higher layers decide who polls, how often, and what an answer means.
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
