# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181: a device or sub-platform that registers at the bench, and the channels behind it."""

from __future__ import annotations

from yanshou.wires.wire import Wire

WIRES = (
    Wire(
        "gb28181",
        frozenset(
            {
                "host",
                "device_id",
                "channel",
                "password",
                "version",
                "transport",
                "certificate",
                "class_a_form",
            }
        ),
        calls=True,
    ),
)
