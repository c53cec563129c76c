# SPDX-License-Identifier: Apache-2.0
"""Office files (XLSX, DOCX) with the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Final

_DATES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
FORBIDDEN: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain."""


def steady(made: bytes, moment: datetime) -> bytes:
    """The file packed anew without the time of packing; its dates are the given moment."""
    fixed = io.BytesIO()
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "docProps/core.xml":
                data = _DATES.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            new.writestr(zipfile.ZipInfo(info.filename, _FIRST_DAY), data, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
