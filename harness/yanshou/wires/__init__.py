# SPDX-License-Identifier: Apache-2.0
"""The wires by which a device may be connected; each file here defines some of them completely.

A new file is found by itself: it lists its wires in ``WIRES`` and, if their devices send messages, the line
protocol in ``LANGUAGES``. The emulated devices that answer on a wire are in ``yanshou.emulation``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from yanshou.wires.wire import Framing, Heard, Language, Wire

_MODULES = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]

WIRES: Mapping[str, Wire] = {wire.name: wire for module in _MODULES for wire in getattr(module, "WIRES", ())}
"""Every wire by the ``protocol`` of a connection in the site file."""

LANGUAGES: Mapping[str, Language] = {
    language.name: language for module in _MODULES for language in getattr(module, "LANGUAGES", ())
}
"""Every line protocol by its name."""

SPOKEN: Mapping[str, Language] = {
    word: language for language in LANGUAGES.values() for word in language.profiles
}
"""The line protocol of each ``protocol`` of a profile whose device sends messages."""

__all__ = ["LANGUAGES", "SPOKEN", "WIRES", "Framing", "Heard", "Language", "Wire"]
