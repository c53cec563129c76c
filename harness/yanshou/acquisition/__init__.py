# SPDX-License-Identifier: Apache-2.0
"""The process that owns every field bus: it polls devices, stamps the answers and keeps their history.

A busy Python thread beside the polling would cost 6 to 19 ms; in a process of its own the stamps are those of
the wire. :class:`Acquisition` is the caller's side.
"""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.acquisition.acquisition import Acquisition, Watch
    from yanshou.acquisition.records import OFF, ON, Matches, Polls, Sample
    from yanshou.protocols.bus import Bus
    from yanshou.protocols.modbus.area import Area
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.acquisition.acquisition": (
                "Acquisition",
                "Watch",
            ),
            "yanshou.acquisition.records": (
                "OFF",
                "ON",
                "Matches",
                "Polls",
                "Sample",
            ),
            "yanshou.protocols.bus": ("Bus",),
            "yanshou.protocols.modbus.area": ("Area",),
        },
    )

__all__ = ["OFF", "ON", "Acquisition", "Area", "Bus", "Matches", "Polls", "Sample", "Watch"]
