# SPDX-License-Identifier: Apache-2.0
"""Where and how to look for devices: the ``[discover]`` table of a site file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yanshou.model import Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.protocols.discovery.ports import PORT
from yanshou.site import SITE_FILE
from yanshou.toml import read_toml, root

MODBUS_PORT: Final = 502
_SECONDS, _PER_S, _TIMEOUT_S = 3.0, 100.0, 2.0
_PORTS: Final = (80, 8000, 8080, 8899, MODBUS_PORT)
_KEYS: Final = frozenset(
    {"interfaces", "subnets", "ports", "port", "seconds", "per_s", "timeout_s", "default_passwords"}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and how to look: the ``[discover]`` table, changed by the command line."""

    interfaces: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    ports: tuple[int, ...] = _PORTS
    port: int = PORT
    seconds: float = _SECONDS
    per_s: float = _PER_S
    timeout_s: float = _TIMEOUT_S
    default_passwords: bool = False

    @classmethod
    def of(cls, site: Site) -> Scope:
        """As the site file says; UsageError with every mistake of ``[discover]``."""
        scope, mistakes = _read(site)
        if mistakes:
            raise UsageError(mistakes)
        return scope


def discover_mistakes(site: Site) -> list[Mistake]:
    """What is wrong in ``[discover]``, for ``yanshou check``."""
    return _read(site)[1]


def _read(site: Site) -> tuple[Scope, list[Mistake]]:
    mistakes: list[Mistake] = []
    toml = read_toml(site.folder / SITE_FILE, mistakes)
    table = root(toml, mistakes).inner("discover", "discover")
    table.only(_KEYS)
    ports = table.data.get("ports", list(_PORTS))
    if not isinstance(ports, list) or not all(isinstance(one, int) and 0 < one < 65536 for one in ports):  # noqa: PLR2004
        table.wrong("ports must be a list of port numbers.", "Write ports = [80, 8000].", "ports")
        ports = []
    port = table.number("port", 1, 65535, whole=True)
    seconds, per_s = table.number("seconds", 0.1, 60), table.number("per_s", 1, 10_000)
    scope = Scope(
        interfaces=table.texts("interfaces"),
        subnets=table.texts("subnets"),
        ports=tuple(ports),
        port=int(port or PORT),
        seconds=seconds or _SECONDS,
        per_s=per_s or _PER_S,
        timeout_s=table.number("timeout_s", 0.1, 60) or _TIMEOUT_S,
        default_passwords=table.flag("default_passwords", default=False),
    )
    return scope, mistakes
