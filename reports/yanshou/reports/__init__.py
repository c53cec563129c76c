# SPDX-License-Identifier: Apache-2.0
"""Reports: every output is a pure function of the run folder (``docs/contracts.md`` §4).

``load`` reads the folder once into a :class:`RunView`; ``render`` writes results.json, junit.xml, the Allure
page and the formal PDF from it; ``console_summary`` gives in a few lines what an engineer wants to know
first.
"""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.reports.console import console_summary
    from yanshou.reports.rendering import FORMATS, render
    from yanshou.reports.view import RunView, load
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.reports.console": ("console_summary",),
            "yanshou.reports.rendering": ("FORMATS", "render"),
            "yanshou.reports.view": ("RunView", "load"),
        },
    )

__all__ = ["FORMATS", "RunView", "console_summary", "load", "render"]
