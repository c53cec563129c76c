# SPDX-License-Identifier: Apache-2.0
"""The report as a Word document, from the laboratory's own template."""

from yanshou.reports.word.filling import START, FilledReport, docx_report

__all__ = ["START", "FilledReport", "docx_report"]
