# SPDX-License-Identifier: Apache-2.0
"""Health of a live picture: indicators, liveness, and the difference from the accepted view."""

from yanshou.imaging.health.life import Liveness, Signal, liveness, signal_of
from yanshou.imaging.health.reference import (
    AcceptedView,
    Added,
    ViewChange,
    changes,
    compared,
    stripe_added,
)
from yanshou.imaging.health.traits import Indicators, Traits, indicators, traits_of
from yanshou.imaging.health.view import Displacement, displacement, view_features

__all__ = [
    "AcceptedView",
    "Added",
    "Displacement",
    "Indicators",
    "Liveness",
    "Signal",
    "Traits",
    "ViewChange",
    "changes",
    "compared",
    "displacement",
    "indicators",
    "liveness",
    "signal_of",
    "stripe_added",
    "traits_of",
    "view_features",
]
