# SPDX-License-Identifier: Apache-2.0
"""SIA DC-09, alarm events over IP: bytes and messages.

Which answer a message gets is decided by the receiving centre.
"""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.protocols.dc09.events import (
        AlarmEvent,
        EventClass,
        Qualifier,
        cid_class,
        contact_id,
        sia_dcs,
    )
    from yanshou.protocols.dc09.framing import Dc09Frame, Framer, Noise, crc_of, frame_of
    from yanshou.protocols.dc09.keys import KEY_LENGTHS
    from yanshou.protocols.dc09.messages import (
        Dc09Message,
        Dc09Token,
        Header,
        UnreadableMessage,
        acknowledge,
        compose,
        not_understood,
        read_header,
        read_message,
        refuse,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.protocols.dc09.events": (
                "AlarmEvent",
                "EventClass",
                "Qualifier",
                "cid_class",
                "contact_id",
                "sia_dcs",
            ),
            "yanshou.protocols.dc09.framing": (
                "Dc09Frame",
                "Framer",
                "Noise",
                "crc_of",
                "frame_of",
            ),
            "yanshou.protocols.dc09.keys": ("KEY_LENGTHS",),
            "yanshou.protocols.dc09.messages": (
                "Dc09Message",
                "Dc09Token",
                "Header",
                "UnreadableMessage",
                "acknowledge",
                "compose",
                "not_understood",
                "read_header",
                "read_message",
                "refuse",
            ),
        },
    )

__all__ = [
    "KEY_LENGTHS",
    "AlarmEvent",
    "Dc09Frame",
    "Dc09Message",
    "Dc09Token",
    "EventClass",
    "Framer",
    "Header",
    "Noise",
    "Qualifier",
    "UnreadableMessage",
    "acknowledge",
    "cid_class",
    "compose",
    "contact_id",
    "crc_of",
    "frame_of",
    "not_understood",
    "read_header",
    "read_message",
    "refuse",
    "sia_dcs",
]
