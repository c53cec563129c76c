# SPDX-License-Identifier: Apache-2.0
"""The plan of a visit: work by system, steps of a person by place, who has to be warned, work orders."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.reports.visit.page import visit_pdf
    from yanshou.reports.visit.tables import VisitTable, time_needed, visit_tables
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.reports.visit.page": ("visit_pdf",),
            "yanshou.reports.visit.tables": ("VisitTable", "time_needed", "visit_tables"),
        },
    )

__all__ = ["VisitTable", "time_needed", "visit_pdf", "visit_tables"]
