# SPDX-License-Identifier: Apache-2.0
"""Device profiles: which register, coil or message means what, read from TOML."""

from yanshou.drivers.profile.file import COMMAND_KEYS, POINT_KEYS, TRANSPORT_KEYS, load_profile
from yanshou.drivers.profile.records import (
    CLASSES,
    COMMANDS,
    EVENTS,
    PROTOCOLS,
    ROLES,
    STATES,
    TARGETS,
    Command,
    Point,
    Profile,
)
from yanshou.drivers.profile.shipped import shipped, shipped_text

__all__ = [
    "CLASSES",
    "COMMANDS",
    "COMMAND_KEYS",
    "EVENTS",
    "POINT_KEYS",
    "PROTOCOLS",
    "ROLES",
    "STATES",
    "TARGETS",
    "TRANSPORT_KEYS",
    "Command",
    "Point",
    "Profile",
    "load_profile",
    "shipped",
    "shipped_text",
]
