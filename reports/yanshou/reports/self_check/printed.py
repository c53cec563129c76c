# SPDX-License-Identifier: Apache-2.0
"""The text of a finished PDF, as a reader finds it."""

from __future__ import annotations

import io
import re
import unicodedata

from pypdf import PdfReader

_BLANK = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2212", "-"))


class Printed:
    """The pages of a report.  Blanks and breaks are layout: two texts are compared without them."""

    def __init__(self, pdf: bytes) -> None:
        reader = PdfReader(io.BytesIO(pdf))
        self.pages = tuple(squeezed(page.extract_text()) for page in reader.pages)
        self.pictures_on_cover = len(reader.pages[0].images) if reader.pages else 0
        self.text = "\n".join(self.pages)

    def has(self, *parts: str) -> bool:
        """Whether these texts stand one right after the other on a page.  An empty text is never printed."""
        wanted = [squeezed(part) for part in parts]
        text = "".join(wanted)
        return all(wanted) and any(text in page for page in self.pages)


def squeezed(text: str) -> str:
    """A text without blanks, in one spelling of its characters (Unicode NFKC)."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
