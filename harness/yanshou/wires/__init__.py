# SPDX-License-Identifier: Apache-2.0
"""The wires a device may be connected by: each file here names some, with all that is particular to them.

A file that is added is found: it lists its wires in ``WIRES`` and, where their devices speak in messages, the
language in ``LANGUAGES``.  What answers on them in an emulated site stands in ``yanshou.emulation``.
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
"""Every language by its name."""

SPOKEN: Mapping[str, Language] = {
    word: language for language in LANGUAGES.values() for word in language.profiles
}
"""The language of each ``protocol`` of a profile whose device speaks in messages."""

__all__ = ["LANGUAGES", "SPOKEN", "WIRES", "Framing", "Heard", "Language", "Wire"]
