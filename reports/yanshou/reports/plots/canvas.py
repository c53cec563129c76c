# SPDX-License-Identifier: Apache-2.0
"""What a drawing of one measurement may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow


@dataclass(frozen=True, slots=True)
class Canvas:
    """For a drawing: the messages in the report's language, the evidence by SHA-256, and the row itself."""

    messages: Messages
    blob: Callable[[str], Path]
    row: ReportRow


Drawer = Callable[[Mapping[str, Any], Canvas], Figure]
