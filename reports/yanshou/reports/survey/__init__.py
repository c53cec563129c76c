# SPDX-License-Identifier: Apache-2.0
"""The result files of a survey: results.json with its schema, CSV, XLSX, one HTML page, one PDF.

All of them are functions of the results alone. A survey screens; none of its files states a verdict.
"""

from yanshou.reports.survey.files import write_files
from yanshou.reports.survey.results import document, results_bytes, results_schema

__all__ = ["document", "results_bytes", "results_schema", "write_files"]
