# SPDX-License-Identifier: Apache-2.0
"""Names of a package that are imported when somebody first asks for them (PEP 562).

Importing one small thing of a package must not import all of it: ``yanshou check`` needs to know the four
areas of Modbus, not the Modbus master.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazily(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Return the module ``__getattr__`` of ``package``; ``names`` maps each module to the names it gives.

    It is used in the ``else`` of ``if TYPE_CHECKING:``, whose imports give the type checker the same names.
    """
    homes = {name: module for module, held in names.items() for name in held}

    def attribute(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(homes[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return attribute
