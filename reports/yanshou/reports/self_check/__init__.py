# SPDX-License-Identifier: Apache-2.0
"""The laboratory's own check sheet: compares the printed pages with the rules for reports.

The sheet is the laboratory's (ISO/IEC 17025:2017, CMA criteria, CNAS and ILAC documents) and no part of the
client's results.
"""

from yanshou.reports.self_check.checks import CHECKS
from yanshou.reports.self_check.page import sheet_json, sheet_pdf
from yanshou.reports.self_check.records import CheckAnswer, CheckLine, CheckPart
from yanshou.reports.self_check.sheet import check_sheet

__all__ = ["CHECKS", "CheckAnswer", "CheckLine", "CheckPart", "check_sheet", "sheet_json", "sheet_pdf"]
