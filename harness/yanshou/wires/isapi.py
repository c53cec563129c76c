# SPDX-License-Identifier: Apache-2.0
"""ISAPI: paths of a device's web server, its answers read as records of named fields."""

from __future__ import annotations

import re

from yanshou.wires.wire import NETWORK, Language, Wire

_SEARCH = re.compile(r"POST /ISAPI/(?:\w+/)*(?:AcsEvent|Search)(?:\?\S*)? \{")


class Isapi(Language):
    """A ``request`` is a path, or a search posted as JSON; there is no stream to cut into messages."""

    name = "isapi"
    profiles = ("isapi",)
    over_http = True

    def fault_in_question(self, text: str) -> tuple[str, str] | None:
        """What is wrong with a ``request``: a path or a search, since other posts change something."""
        if text and not text.startswith("/") and not _SEARCH.match(text):
            return f"{text!r} is no path to be read.", "Write /ISAPI/…, or POST /ISAPI/…/AcsEvent {…}."
        return None


WIRES = (Wire("isapi", NETWORK | {"user", "password", "tls", "tls_verify"}, "isapi", 80),)
LANGUAGES = (Isapi(),)
