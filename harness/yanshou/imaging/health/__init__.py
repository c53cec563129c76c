# SPDX-License-Identifier: Apache-2.0
"""Health of a live picture: indicators, liveness, and the difference from the accepted view."""

from yanshou.imaging.health.life import Liveness, Signal, liveness, signal_of
from yanshou.imaging.health.reference import AcceptedView, ViewChange, changes
from yanshou.imaging.health.traits import Indicators, indicators
from yanshou.imaging.health.view import Displacement, displacement, view_features

__all__ = [
    "AcceptedView",
    "Displacement",
    "Indicators",
    "Liveness",
    "Signal",
    "ViewChange",
    "changes",
    "displacement",
    "indicators",
    "liveness",
    "signal_of",
    "view_features",
]
