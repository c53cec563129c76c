# SPDX-License-Identifier: Apache-2.0
"""用户权限 — every function works for whom it is meant, and for nobody else."""

from __future__ import annotations

from yanshou.fixtures.api import Record, Users, Zones, measures
from yanshou.model import FigureKind


@measures("user_functions_by_role", intrusive=("hold_up",), operator=True, seconds=60.0)
def test_user_functions_by_role(users: Users, zones: Zones, record: Record) -> None:
    """Each role tries each function: allowed, it works; not allowed, it is refused and logged; duress; time.

    A person programs the panel's schedule and watches it: no profile writes one.
    """
    tried = [
        users.tries(role, function, zones.of_type("normal")[0])
        for role in users.roles
        for function in users.functions
    ]
    wrong = [label for attempt in tried for label in attempt.wrong]
    wrong += users.duress(zones.all[0])
    wrong += users.by_schedule()
    record.figure(FigureKind.RIGHTS, {"attempts": [attempt.as_record() for attempt in tried]})
    record.logical(conforms=not wrong, n=len(tried) + 2, because="；".join(wrong))
