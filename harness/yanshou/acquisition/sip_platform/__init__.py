# SPDX-License-Identifier: Apache-2.0
"""The bench as the upper platform of GB/T 28181, in its own process so that a busy test delays no stamp."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.acquisition.sip_platform.answers import SipAnswer, SipGathered
    from yanshou.acquisition.sip_platform.known_device import SipDevice
    from yanshou.acquisition.sip_platform.platform import ReceivedSip, SipPlatform
    from yanshou.acquisition.sip_platform.registrar import PlatformConduct, SipEvent
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.acquisition.sip_platform.answers": ("SipAnswer", "SipGathered"),
            "yanshou.acquisition.sip_platform.platform": ("ReceivedSip", "SipPlatform"),
            "yanshou.acquisition.sip_platform.known_device": ("SipDevice",),
            "yanshou.acquisition.sip_platform.registrar": ("PlatformConduct", "SipEvent"),
        },
    )

__all__ = [
    "PlatformConduct",
    "ReceivedSip",
    "SipAnswer",
    "SipDevice",
    "SipEvent",
    "SipGathered",
    "SipPlatform",
]
