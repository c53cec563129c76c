# SPDX-License-Identifier: Apache-2.0
"""The pause between two polls of a wait, whatever the wire.

It is a share of the time waited so far: a bracket stays narrow against the latency in it, and a device is not
asked thousands of times a second for minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from yanshou.acquisition.timeline import WaitQuestion

_SHARE: Final = 0.004
LEAST_S: Final = 0.002
LONGEST_S: Final = 0.005


def wait_pauses_s(questions: Iterable[WaitQuestion], polled: float) -> Iterable[float]:
    """Seconds to pause for each question after the poll received at ``polled`` (``model.now``)."""
    waited = (polled - question.since.latest for question in questions)
    return (min(LONGEST_S, max(LEAST_S, _SHARE * seconds)) for seconds in waited)
