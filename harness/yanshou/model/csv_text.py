# SPDX-License-Identifier: Apache-2.0
"""Tables as CSV (RFC 4180) that a spreadsheet opens as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows, each line ended by CR LF, in UTF-8; with a byte order mark where a cell is not ASCII.

    Without that mark, spreadsheet programs in China read the text as GBK.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    table = text.getvalue()
    return table.encode("ascii" if table.isascii() else "utf-8-sig")
