# SPDX-License-Identifier: Apache-2.0
"""What this computer threw away of the packets that reached it, by the kernel's own counters (Linux).

``/proc/net/snmp`` and ``snmp6``: datagrams that found a receive buffer full.  ``/proc/net/softnet_stat`` and
the statistics of the network cards: packets nobody took from the card in time.  Other systems give none.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NET: Final = Path("/proc/net")
_CARDS: Final = Path("/sys/class/net")
_FULL: Final = ("RcvbufErrors", "MemErrors")
_MISSED: Final = ("rx_missed_errors", "rx_fifo_errors")


@dataclass(frozen=True, slots=True)
class HostCounts:
    """Counts since the start of the system: ``full`` buffers (None: unknown), ``missed`` packets."""

    full: int | None = None
    missed: int = 0

    def full_buffers(self, of_socket: int | None) -> int | None:
        """Datagrams a socket lost to its full buffer since these counts.

        A socket's own count holds wrong checksums as well; those of the whole system tell them apart.
        """
        later = host_counts().full
        if of_socket is None or self.full is None or later is None:
            return of_socket
        return min(of_socket, max(0, later - self.full))

    def missed_since(self) -> int:
        """Packets the computer did not take from its cards in time since these counts."""
        return max(0, host_counts().missed - self.missed)


def host_counts() -> HostCounts:
    """The counters as they stand; what the system does not give is None or 0."""
    return HostCounts(_full(), _backlog() + _cards())


def _full() -> int | None:
    counts: dict[str, int] = {}
    with suppress(OSError, ValueError):
        names, values = (
            line.split()
            for line in (_NET / "snmp").read_text(encoding="ascii").splitlines()
            if line.startswith("Udp:")
        )
        counts = dict(zip(names[1:], map(int, values[1:]), strict=True))
    if _FULL[0] not in counts:
        return None
    full = sum(counts.get(name, 0) for name in _FULL)
    with suppress(OSError, ValueError):
        rows = (line.split() for line in (_NET / "snmp6").read_text(encoding="ascii").splitlines())
        full += sum(int(row[1]) for row in rows if row and row[0] in {f"Udp6{name}" for name in _FULL})
    return full


def _backlog() -> int:
    with suppress(OSError, ValueError, IndexError):
        lines = (_NET / "softnet_stat").read_text(encoding="ascii").splitlines()
        return sum(int(line.split()[1], 16) for line in lines)
    return 0


def _cards() -> int:
    total = 0
    for card in _CARDS.glob("*/statistics"):
        for name in _MISSED:
            with suppress(OSError, ValueError):
                total += int((card / name).read_text(encoding="ascii"))
    return total
