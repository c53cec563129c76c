# SPDX-License-Identifier: Apache-2.0
"""The acceptance page: tables of the acceptance group, results of the inspection, proposed conclusion.

The regulation (Inner Mongolia, Art. 13) lets an acceptance be held once the inspection is passed. The
conclusion is the group's; the software proposes one and names what stands against it.
"""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.reports.acceptance.conclusion import Conclusion, PartScore, conclude
    from yanshou.reports.acceptance.page import acceptance_json, acceptance_pdf
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.reports.acceptance.conclusion": ("Conclusion", "PartScore", "conclude"),
            "yanshou.reports.acceptance.page": ("acceptance_json", "acceptance_pdf"),
        },
    )

__all__ = ["Conclusion", "PartScore", "acceptance_json", "acceptance_pdf", "conclude"]
