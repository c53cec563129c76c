# SPDX-License-Identifier: Apache-2.0
"""The raw record 原始记录 (ISO/IEC 17025:2017, 7.5): every repetition, and live formulas."""

from yanshou.reports.raw_record.flat import flat_csv, flat_xlsx
from yanshou.reports.raw_record.workbook import raw_record_xlsx

__all__ = ["flat_csv", "flat_xlsx", "raw_record_xlsx"]
