# SPDX-License-Identifier: Apache-2.0
"""The caller's side of the SIP platform: blocking, thread-safe, and in plain records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yanshou.acquisition.receiving import REQUEST_S, ReceivingProcess
from yanshou.acquisition.sip_platform.answers import SipAnswer, SipGathered
from yanshou.acquisition.sip_platform.known_device import SipDevice
from yanshou.acquisition.sip_platform.registrar import MISSED, PlatformConduct, SipEvent
from yanshou.model import Instant
from yanshou.protocols.gb28181.requests import Fields


@dataclass(frozen=True, slots=True)
class ReceivedSip:
    """One entry of the platform; ``said`` holds what its kind has beyond these.

    ``first`` and ``complete`` bracket the arrival of the first and of the last byte, ``answered`` the sending
    of the answer with ``status``. For OFFLINE and EXPIRED ``first`` begins when it was due. ``said`` has

    - for a REGISTER: ``expires`` (asked for, s; None: not named), ``signed`` (it carried an Authorization),
      ``digest`` (its outcome), ``fits``, ``version``, ``granted`` (s), ``date`` (as sent);
    - for a REGISTER of a device of class A also ``class_a`` (its outcome), ``scheme`` (that was asked for),
      ``form`` and ``asked_form``, ``doubt``, ``announced``, ``again``, ``proof`` (what was signed, and how);
    - for its other requests ``note`` (the outcome of the digest), ``note_again``, ``date_ahead_s`` (its Date
      against the time here; None: not readable) and ``told_ahead_s``;
    - for a MESSAGE or NOTIFY: ``root``, ``command``, ``sn``, ``target`` (DeviceID), ``encoding``,
      ``xml_odd``; if its root is Notify also ``values``, ``items`` (the first 64) and ``total`` (SumNum);
      for a NOTIFY ``event`` and ``state`` (its headers Event and Subscription-State);
    - ``moved``: it came to the second address that a 302 named;
    - ``odd``: what in the form departs from SIP; ``why``: the reason of a refusal.
    """

    number: int
    kind: SipEvent
    device: str
    peer: str
    transport: str
    first: Instant
    complete: Instant
    answered: Instant | None
    status: int
    said: Mapping[str, Any]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> ReceivedSip:
        """Make one from an entry of the process."""
        answered = entry.get("answered")
        return cls(
            number=entry["n"],
            kind=SipEvent(entry["kind"]),
            device=entry["device"],
            peer=entry.get("peer", ""),
            transport=entry.get("transport", ""),
            first=Instant(*entry["first"]),
            complete=Instant(*entry["complete"]),
            answered=Instant(*answered) if answered else None,
            status=entry.get("status", 0),
            said=entry,
        )


class SipPlatform(ReceivingProcess):
    """Owns the process and its address, on UDP and TCP. A context manager.

    ``address``: host and port, the system chooses a port for 0. ``code``: its 20 digits; ``realm``: of the
    digest. ``identity``: its private and public key of SM2 in hexadecimal digits, for devices of class A
    (GB 35114); None: it does not prove itself to them. ``utc_offset_s``: the site's local time minus UTC, in
    seconds, for the Date header. ``qop``: whether the digest offers ``auth``. Raises ``RigFault`` when the
    address is not available.
    """

    def __init__(
        self,
        address: tuple[str, int],
        realm: str,
        devices: Sequence[SipDevice],
        *,
        code: str,
        utc_offset_s: float,
        identity: tuple[str, str] | None = None,
        qop: bool = False,
        ordinary: bool = False,
    ) -> None:
        known = [asdict(one) for one in devices]
        super().__init__(
            "yanshou.acquisition.sip_platform",
            ordinary=ordinary,
            address=list(address),
            code=code,
            realm=realm,
            devices=known,
            utc_offset_s=utc_offset_s,
            identity=identity,
            qop=qop,
        )
        self.port = int(self._opened)

    def conduct(self, device: str, conduct: PlatformConduct) -> None:
        """Serve the device, be silent to it, refuse it, or send it to a second address, from now on."""
        self._process.call("conduct", REQUEST_S, device=device, conduct=conduct.value)

    def shift(self, device: str, seconds: float) -> None:
        """Tell the device a Date so many seconds ahead whenever it registers; 0 ends this."""
        self._process.call("shift", REQUEST_S, device=device, ahead_s=seconds)

    def supervise(self, device: str, interval_s: float | None, missed: int = MISSED) -> None:
        """Note OFFLINE once ``missed`` keepalives of this interval are due; None ends this."""
        self._process.call("supervise", REQUEST_S, device=device, interval_s=interval_s, missed=missed)

    def ask(
        self,
        device: str,
        command: str,
        target: str,
        fields: Fields | None = None,
        *,
        root: str = "Query",
        idle_s: float = 10.0,
        total_s: float = 60.0,
        settle_s: float = 1.0,
    ) -> SipGathered:
        """Ask a registered device (its id) by MANSCDP and gather its answer; blocks up to ``total_s``.

        ``target``: the 20 digits asked about, the device's own or those of a channel. ``fields``: elements
        after DeviceID. ``root``: Query, or Control for a command. Of a list (Catalog, RecordInfo) each part
        is waited for ``idle_s``, and ``settle_s`` longer for what is more than SumNum. RigFault when the
        device is not registered.
        """
        query: dict[str, object] = {"root": root, "command": command, "target": target}
        query |= {"fields": fields or {}, "idle_s": idle_s, "total_s": total_s, "settle_s": settle_s}
        return SipGathered.of(
            self._process.call("ask", REQUEST_S + total_s + settle_s, device=device, query=query)
        )

    def request(
        self,
        device: str,
        method: str,
        target: str,
        *,
        body: bytes = b"",
        content_type: str = "",
        headers: Sequence[tuple[str, str]] = (),
        dialog: SipAnswer | None = None,
        patience_s: float = 32.0,
    ) -> SipAnswer:
        """Send any request to a registered device and wait for its final answer.

        ``dialog``: the answer to the request that began the dialog this one belongs to. ACK follows each
        answer to INVITE by itself. RigFault when the device is not registered.
        """
        tags = (dialog.call, dialog.own_tag, dialog.far_tag) if dialog else ("", "", "")
        said = self._process.call(
            "request",
            REQUEST_S + patience_s,
            device=device,
            method=method,
            target=target,
            body=body.decode("latin-1"),
            content_type=content_type,
            headers=[list(one) for one in headers],
            **dict(zip(("call", "own_tag", "far_tag"), tags, strict=True)),
            sequence=0,
            patience_s=patience_s,
        )
        return SipAnswer.of(said)

    def wait(self, after: int, match: Mapping[str, object], *, until: float) -> ReceivedSip | None:
        """The first entry after ``after`` that matches; None if none had come by ``until``."""
        entry = self._next(after, match, until)
        return None if entry is None else ReceivedSip.of(entry)

    def received(self, after: int, match: Mapping[str, object] | None = None) -> list[ReceivedSip]:
        """The entries after ``after`` that match, in the order of arrival."""
        return [ReceivedSip.of(entry) for entry in self._entries(after, match or {})]
