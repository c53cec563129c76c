# SPDX-License-Identifier: Apache-2.0
"""Which addresses of a network accept a connection, tried slowly enough to disturb nothing."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from yanshou.model import UsageError

_MOST_HOSTS: Final = 65_536
_AT_ONCE: Final = 64


def hosts_of(networks: Iterable[str]) -> list[str]:
    """Every host of the networks (``192.168.1.0/24``), each once; UsageError for a wrong or huge one."""
    found: dict[str, None] = {}
    for text in networks:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise UsageError(f"{text} is no network: {error}.", "Write one such as 192.168.1.0/24.") from None
        if network.num_addresses > _MOST_HOSTS:
            raise UsageError(f"{text} has {network.num_addresses} addresses.", "Sweep at most a /16 at once.")
        found |= dict.fromkeys(str(host) for host in network.hosts())
    return list(found)


def answering(
    hosts: Sequence[str],
    ports: Sequence[int],
    *,
    per_s: float = 100.0,
    timeout_s: float = 1.0,
    tick: Callable[[], None] = lambda: None,
) -> list[tuple[str, int]]:
    """The (host, port) pairs that accept a TCP connection; it is closed at once without a byte.

    At most ``per_s`` attempts a second, evenly spaced. ``tick`` is called after each.
    """
    tried = [(host, port) for host in hosts for port in ports]
    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sweep") as pool:
        accepted = []
        for number, (host, port) in enumerate(tried):
            time.sleep(max(0.0, began + number / per_s - time.monotonic()))
            accepted.append(pool.submit(_accepts, host, port, timeout_s))
            tick()
        return [place for place, one in zip(tried, accepted, strict=True) if one.result()]


def _accepts(host: str, port: int, timeout_s: float) -> bool:
    try:
        with socket.create_connection((host, port), timeout_s):
            return True
    except OSError:
        return False
