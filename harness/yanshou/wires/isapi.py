# SPDX-License-Identifier: Apache-2.0
"""ISAPI: paths of a device's web server, its answers read as records of named fields."""

from __future__ import annotations

from yanshou.wires.wire import NETWORK, Language, Wire


class Isapi(Language):
    """A ``request`` is a path; there is no stream to cut into messages."""

    name = "isapi"
    profiles = ("isapi",)
    over_http = True

    def fault_in_question(self, text: str) -> tuple[str, str] | None:
        """What is wrong with a ``request``, which must be a path."""
        if text and not text.startswith("/"):
            return f"{text!r} is no path to be read.", "Write /ISAPI/…."
        return None


WIRES = (Wire("isapi", NETWORK | {"user", "password", "tls", "tls_verify"}, "isapi", 80),)
LANGUAGES = (Isapi(),)
