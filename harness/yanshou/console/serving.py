# SPDX-License-Identifier: Apache-2.0
"""Serves the console of one run until it is interrupted: address, certificate, codes to scan."""

from __future__ import annotations

import io
import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
import uvicorn

from yanshou.console.access import Admission, Holder
from yanshou.console.certificate import certificate_for
from yanshou.console.counter import Counter
from yanshou.console.desk import Desk
from yanshou.console.web import Web
from yanshou.model import UsageError

_GRACE_S = 1  # open streams of events are cut then


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is scanned by one person: the address with a one-time token, and the code as text."""

    holder: Holder
    url: str
    code: str


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where the console listens; ``secure``: over TLS."""

    host: str
    port: int
    secure: bool

    @property
    def netloc(self) -> str:
        """Host and port as a browser writes them, without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"{'https' if self.secure else 'http'}://{self.netloc}/"


class Serving:
    """A console that has its socket and its certificate, and waits for ``run``."""

    def __init__(self, run: Path, people: Sequence[Holder], address: ListenAddress) -> None:
        self._counter = Counter(run)
        require_address(address.host)
        self._socket = _bound(address.host, address.port)
        self.address = ListenAddress(address.host, self._socket.getsockname()[1], address.secure)
        self._lock = self._counter.serve()
        self._pem = self._counter.folder / "tls.pem"
        self.fingerprint = certificate_for(address.host, self._pem) if address.secure else ""
        self.access = Admission(self._counter.folder / "phones.json", people)

    def invitations(self) -> Iterator[Invitation]:
        """A code for each person; the token stands behind ``#``, which no browser sends as an address."""
        for holder in self.access.people:
            url = f"{self.address.url}#{self.access.token(holder)}"
            text = io.StringIO()
            segno.make(url, error="m", micro=False).terminal(text, compact=True)
            yield Invitation(holder, url, text.getvalue())

    def run(self, started: Callable[[], object] = lambda: None) -> None:
        """Serve until Ctrl-C; ``started`` is called before the first request is answered."""
        desk = Desk(self._counter, self.access, exposed=not self.address.secure)
        web = Web(desk, self.address.netloc, secure=self.address.secure)
        config = uvicorn.Config(
            web.app,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_GRACE_S,
            ssl_certfile=str(self._pem) if self.address.secure else None,
        )
        try:
            started()
            uvicorn.Server(config).run(sockets=[self._socket])
        finally:
            self.close()

    def close(self) -> None:
        """Give the address and the run free."""
        self._socket.close()
        self._lock.release()


def require_address(host: str) -> None:
    """UsageError unless ``host`` is the one address of this computer that phones are to reach."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise UsageError(f"--listen {host!r} is no IP address.", "Give the one of the hot spot.") from None
    if address.is_unspecified or address.is_multicast:
        raise UsageError(
            f"--listen {host} is every network of this computer.", "Give the one address of the hot spot."
        )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    # Windows would let a second program share an address that is reused
    option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    made.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise UsageError(
            f"cannot listen at {host} port {port}: {getattr(error, 'strerror', None) or error}.",
            "Name another port with --port, or an address of this computer with --listen.",
        ) from None
    return made
