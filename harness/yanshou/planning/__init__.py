# SPDX-License-Identifier: Apache-2.0
"""From site and catalogue to the plan: scope, populations, samples, items, and what stays untested."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.planning.check import as_answer, check_site
    from yanshou.planning.covered import (
        Alarms,
        CalibrationAnswer,
        CoveredMeasurand,
        Phase,
        Registry,
        Together,
    )
    from yanshou.planning.draws import DRAW_FILE, draw_mistakes, with_draw
    from yanshou.planning.duration import lasted
    from yanshou.planning.frozen import freeze, from_json, to_json
    from yanshou.planning.lanes import Lanes
    from yanshou.planning.make import make_plan
    from yanshou.planning.needs import lanes_for
    from yanshou.planning.overlays import overlays_of
    from yanshou.planning.ready import NAME_IT, NAMELESS, nameless, ready_mistakes
    from yanshou.planning.sampling import level_i, retest_sample, sample_size
    from yanshou.planning.visit import make_visit
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.planning.check": ("as_answer", "check_site"),
            "yanshou.planning.covered": (
                "Alarms",
                "CalibrationAnswer",
                "CoveredMeasurand",
                "Phase",
                "Registry",
                "Together",
            ),
            "yanshou.planning.draws": ("DRAW_FILE", "draw_mistakes", "with_draw"),
            "yanshou.planning.duration": ("lasted",),
            "yanshou.planning.frozen": ("freeze", "from_json", "to_json"),
            "yanshou.planning.lanes": ("Lanes",),
            "yanshou.planning.make": ("make_plan",),
            "yanshou.planning.needs": ("lanes_for",),
            "yanshou.planning.overlays": ("overlays_of",),
            "yanshou.planning.ready": ("NAME_IT", "NAMELESS", "nameless", "ready_mistakes"),
            "yanshou.planning.sampling": ("level_i", "retest_sample", "sample_size"),
            "yanshou.planning.visit": ("make_visit",),
        },
    )

__all__ = [
    "DRAW_FILE",
    "NAMELESS",
    "NAME_IT",
    "Alarms",
    "CalibrationAnswer",
    "CoveredMeasurand",
    "Lanes",
    "Phase",
    "Registry",
    "Together",
    "as_answer",
    "check_site",
    "draw_mistakes",
    "freeze",
    "from_json",
    "lanes_for",
    "lasted",
    "level_i",
    "make_plan",
    "make_visit",
    "nameless",
    "overlays_of",
    "ready_mistakes",
    "retest_sample",
    "sample_size",
    "to_json",
    "with_draw",
]
