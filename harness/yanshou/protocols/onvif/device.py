# SPDX-License-Identifier: Apache-2.0
"""One ONVIF device: its services, its clock, its faults."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Self

from lxml import etree
from zeep.exceptions import Error as ZeepError
from zeep.xsd.valueobjects import CompoundValue

from yanshou.model import Connection, RigFault
from yanshou.model.newest import Newest
from yanshou.protocols import http
from yanshou.protocols.address import Address, NoAddress, pinned, read_address
from yanshou.protocols.onvif.clock import read_date_time
from yanshou.protocols.onvif.described import Described, DescribedQuestion, described
from yanshou.protocols.onvif.envelope import NoEnvelope, soap_body
from yanshou.protocols.onvif.fault import REFUSED, AnswerUnclear, SoapFault, as_text, read_fault
from yanshou.protocols.onvif.stock import SERVICES
from yanshou.protocols.onvif.token import UsernameToken
from yanshou.protocols.onvif.values import UnreadableValue, listening

_REFUSED_STATUS: Final = frozenset({401, 403})
_OK: Final = 200
# Asked anew each time, and read once: cameras of one model answer GetProfiles to the letter alike, and a
# recorder names one address for every playback of a recording.
_ALIKE: Final = frozenset({"GetProfiles", "GetReplayUri"})
_MOST_ALIKE: Final = 64
_alike: Newest[tuple[str, bytes], Any] = Newest(_MOST_ALIKE)  # what was read, if nothing was odd about it
_TOTAL: Final = 6  # the total time of an answer, as a multiple of the longest silence
_QUARTER_S: Final = 900.0
_ZONE_S: Final = 60.0
_MOST_QUARTERS: Final = 4 * 14
_PORT_TWICE: Final = re.compile(r":(\d+):\1(?!\d)")
_HINT: Final = (
    "Check user name and password of this device in the site file (and that its clock is not years off)."
)


class Service:
    """The operations of one service as methods with keyword arguments: ``media.GetProfiles()``.

    An operation returns what zeep makes of the answer.  Raises SoapFault when the device answers with a
    fault, AnswerUnclear when its answer is not what the service describes, RigFault when it gives none.
    """

    def __init__(
        self,
        device: OnvifDevice,
        described: Described,
        xaddr: Address,
        headers: Sequence[etree._Element] = (),
    ) -> None:
        self._device = device
        self._described = described
        self._xaddr = xaddr
        self._headers = {"_soapheaders": list(headers)} if headers else {}
        self.name = described.name

    def __getattr__(self, operation: str) -> Any:
        if operation.startswith("_"):
            raise AttributeError(operation)
        return lambda **parameters: self.call(operation, **parameters)

    @property
    def xaddr(self) -> str:
        """The address of this service."""
        return str(self._xaddr)

    def element(self, operation: str, **parameters: Any) -> etree._Element:
        """Ask ``operation``; the element that answers, as it came."""
        question = self._described.question(operation, {**parameters, **self._headers}, self._xaddr)
        return self._device._element(operation, self._xaddr, question)  # noqa: SLF001 - one unit

    def call(self, operation: str, **parameters: Any) -> Any:
        """Ask ``operation``; see the class."""
        return self._device._call(self._described, self._xaddr, operation, parameters)  # noqa: SLF001 - one unit


class OnvifDevice:
    """A device reached by ``connection`` (host, port, user; options: see below).

    Its path, and the options tls, tls_verify, timeout_s, max_answer_bytes. Opening it asks the clock (without
    credentials, as ONVIF allows) and the list of services. A wrong password is tried once: after a refusal
    the device is not asked again, so that no account is locked. ``findings`` collects content of answers that
    ONVIF does not describe, ``unreadable`` values that were present but could not be read.
    """

    def __init__(self, connection: Connection, password: str, device: str) -> None:
        self.name = device
        self.findings: list[str] = []
        self.unreadable: list[UnreadableValue] = []
        self._limits = _limits(connection)
        self._home = _device_xaddr(connection)
        self._http = http.session(
            connection.user,
            password,
            home=self._home,
            verify_tls=bool(connection.options.get("tls_verify", True)),
        )
        token = UsernameToken(connection.user, password) if connection.user else None
        self._xaddrs: dict[str, Address] = {}
        self._token = token
        self._services: dict[str, Service] = {}
        self._lock = threading.Lock()
        self._unreadable: dict[str, str] = {}
        self._refusal = ""
        self._accepted = False
        self._in_another_zone = False  # whether its UTC is off by the difference of local times
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def clock_offset_s(self) -> float:
        """Device clock minus this machine's, to about a second: for the token, not for measuring."""
        return self._token.offset_s if self._token else 0.0

    @property
    def xaddrs(self) -> dict[str, str]:
        """Service namespace -> address as used, after hosts were rewritten to the connected one."""
        return {space: str(at) for space, at in self._xaddrs.items()}

    def note(self, *findings: str) -> None:
        """Note an oddity of the device, each once."""
        self.findings += [one for one in dict.fromkeys(findings) if one not in self.findings]

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def has(self, name: str) -> bool:
        """Whether the device lists that service (``media``, ``recording``, ``search``, ``replay`` ...)."""
        return name == "devicemgmt" or SERVICES[name]["ns"] in self._xaddrs

    def service(self, name: str) -> Service:
        """A service by the library's name; RigFault when the device does not offer it."""
        if name not in SERVICES:
            raise ValueError(f"no service {name!r}; there are {', '.join(sorted(SERVICES))}")
        if not self.has(name):
            if why := self._unreadable.get(SERVICES[name]["ns"]):
                raise RigFault(why, device=self.name)
            raise RigFault(f"the device offers no {name} service.", device=self.name)
        with self._lock:
            if name not in self._services:
                self._services[name] = Service(self, described(name), self._xaddrs[SERVICES[name]["ns"]])
            return self._services[name]

    def service_at(self, name: str, url: str, headers: Sequence[etree._Element] = ()) -> Service:
        """A service at an address the device reported for one purpose, such as one subscription.

        ``headers`` are sent with each of its requests (reference parameters of WS-Addressing).
        """
        return Service(self, described(name), self.reachable(url), headers)

    def offers(self, namespace: str) -> bool:
        """Whether the device lists the service of that namespace, known to the library or not."""
        return namespace in self._xaddrs

    def ask(self, namespace: str, question: etree._Element) -> etree._Element:
        """The element that answers ``question``, of a service the library does not describe."""
        operation = str(etree.QName(question).localname)
        asked = DescribedQuestion.of(namespace, question)
        return self._element(operation, self._xaddrs[namespace], asked)

    def _element(self, operation: str, at: Address, question: DescribedQuestion) -> etree._Element:
        """The element that answers, as it came; AnswerUnclear if it answers something else."""
        if self._refusal:
            raise SoapFault(self._refusal, subcodes=("NotAuthorized",), device=self.name, remedy=_HINT)
        body = self._asked(operation, at, question, signed=True)
        answered = next(iter(body), None)
        if answered is None or etree.QName(answered).localname != f"{operation}Response":
            raise AnswerUnclear(f"{operation}: the answer is not what was asked for.", device=self.name)
        return answered

    def download(self, url: str, *, silence_s: float = 0.0) -> http.HttpAnswer:
        """GET of an address the device reported, such as its snapshot.

        The host is replaced as for services. ``silence_s``: the device may be silent for so long before and
        within its answer, if that is longer than what the connection grants every answer.
        """
        if self._refusal:
            raise RigFault(self._refusal, device=self.name, remedy=_HINT)
        read_s = max(self._limits.read_s, silence_s)
        limits = replace(self._limits, read_s=read_s, total_s=max(self._limits.total_s, _TOTAL * silence_s))
        answer = http.exchange(self._http, "GET", self.reachable(url), device=self.name, limits=limits)
        self.note(*answer.oddities)
        if answer.withheld:
            raise RigFault(f"GET {url}: {answer.withheld}.", device=self.name)
        if answer.status in _REFUSED_STATUS:
            raise RigFault("user name or password refused.", device=self.name, remedy=_HINT)
        if answer.status != _OK:
            raise RigFault(f"GET {url} was answered with HTTP {answer.status}.", device=self.name)
        return answer

    def reachable(self, url: str, *, keep_port: bool = False) -> Address:
        """Where an address the device reported is asked: see :func:`yanshou.protocols.address.pinned`.

        RigFault when it is no address.
        """
        try:
            return pinned(read_address(url), self._home, keep_port=keep_port)
        except NoAddress as error:
            raise RigFault(f"the device names the address {url[:200]!r}: {error}", device=self.name) from None

    def _open(self) -> None:
        plain = Service(self, described("devicemgmt"), self._home)
        self._services["devicemgmt"] = plain
        self._correct_token(plain)
        self._xaddrs = self._find_services(plain)

    def _correct_token(self, plain: Service) -> None:
        """Learn the device's clock; if a device reports none, our own time is used for its token."""
        if self._token is None:
            return
        try:
            before = datetime.now(UTC)
            answer = self._pre_auth(plain, "GetSystemDateAndTime")
            shown = read_date_time(answer)
        except (SoapFault, AnswerUnclear) as fault:
            self.note(f"GetSystemDateAndTime: {fault.what}")
            return
        # Whole seconds: half of the last one has passed on average.
        self._token.offset_s = (shown - before).total_seconds() + 0.5
        quarters = round(self._token.offset_s / _QUARTER_S)
        near = abs(self._token.offset_s - quarters * _QUARTER_S) <= _ZONE_S
        self._in_another_zone = near and 0 < abs(quarters) <= _MOST_QUARTERS

    def _find_services(self, plain: Service) -> dict[str, Address]:
        try:
            listed = self._pre_auth(plain, "GetServices", IncludeCapability=False)
            found = {str(item.Namespace): str(item.XAddr) for item in listed or [] if item.XAddr}
        except (SoapFault, AnswerUnclear) as fault:
            if isinstance(fault, SoapFault) and fault.refused:
                raise
            self.note(f"GetServices: {fault.what}")
            found = {}
        if not found:
            found = dict(_from_capabilities(self._pre_auth(plain, "GetCapabilities", Category=["All"])))
        return dict(self._readable(found))

    def _readable(self, found: dict[str, str]) -> Iterator[tuple[str, Address]]:
        """The services with a readable address, and where each is asked; the others are reported."""
        for space, xaddr in found.items():
            try:
                at = read_address(xaddr)
            except NoAddress as error:
                self._unreadable[space] = (
                    f"the address {xaddr[:200]!r} of its service {space} is not read: {error}"
                )
                self.note(self._unreadable[space])
                continue
            if str(at) != xaddr.strip() and _PORT_TWICE.search(xaddr):
                self.note(f"it writes the port of an address twice: {xaddr[:200]}")
            yield space, pinned(at, self._home)

    def _pre_auth(self, plain: Service, operation: str, **parameters: Any) -> Any:
        """Ask without credentials first (access class PRE_AUTH); with them if the device insists."""
        try:
            return self._call(described("devicemgmt"), self._home, operation, parameters, signed=False)
        except SoapFault as fault:
            if not fault.refused or self._token is None:
                raise
        return plain.call(operation, **parameters)

    def _call(
        self,
        service: Described,
        at: Address,
        operation: str,
        parameters: dict[str, Any],
        *,
        signed: bool = True,
    ) -> Any:
        if signed and self._refusal:
            raise SoapFault(self._refusal, subcodes=("NotAuthorized",), device=self.name, remedy=_HINT)
        question = service.question(operation, parameters, at)
        if operation not in _ALIKE:
            return self._read(operation, service, self._asked(operation, at, question, signed=signed))
        answer = self._answer(operation, at, question, signed=signed)
        key = (operation, answer.content)
        if answer.status == _OK and (known := _alike.get(key)) is not None:
            self._accepted = self._accepted or signed
            return known
        findings, unread = len(self.findings), len(self.unreadable)
        value = self._read(operation, service, self._open_envelope(operation, answer, signed=signed))
        if (findings, unread) == (len(self.findings), len(self.unreadable)):
            _alike[key] = value
        return value

    def _asked(
        self, operation: str, at: Address, question: DescribedQuestion, *, signed: bool
    ) -> etree._Element:
        """The Body of the answer."""
        answer = self._answer(operation, at, question, signed=signed)
        return self._open_envelope(operation, answer, signed=signed)

    def _answer(
        self, operation: str, at: Address, question: DescribedQuestion, *, signed: bool
    ) -> http.HttpAnswer:
        """The answer as it came.

        A device whose UTC field holds local time may check our stamps by true UTC. Then it refuses the right
        password once, and the request is sent again with our own time.
        """
        token = self._token if signed else None
        while True:
            answer = http.exchange(
                self._http,
                "POST",
                at,
                device=self.name,
                limits=self._limits,
                data=question.signed(token.header()) if token is not None else question.plain,
                headers=question.headers,
            )
            if token is None or self._accepted or not self._in_another_zone:
                return answer
            try:
                self._open_envelope(operation, answer, signed=signed)
            except SoapFault as fault:
                if not fault.refused:
                    raise
                hours = token.offset_s / 3600
                self.note(
                    f"its UTC is {hours:+.2f} h from ours and stamps by it are refused: it contradicts itself"
                )
                token.offset_s, self._in_another_zone, self._refusal = 0.0, False, ""
            else:
                return answer

    def _open_envelope(self, operation: str, answer: http.HttpAnswer, *, signed: bool) -> etree._Element:
        """The SOAP body of an answer that is neither refused nor a fault."""
        body = None
        self.note(*answer.oddities)
        if answer.withheld:
            raise RigFault(f"{operation}: {answer.withheld}.", device=self.name, final=True)
        if answer.content:
            try:
                body, oddities = soap_body(answer.content, answer.content_type)
            except NoEnvelope as error:
                if answer.status == _OK:
                    raise AnswerUnclear(f"{operation}: {error}.", device=self.name) from None
            else:
                self.note(*oddities)
        fault = read_fault(body) if body is not None else None
        if fault is None and answer.status in _REFUSED_STATUS:
            fault = (f"HTTP {answer.status}", ("NotAuthorized",))
        if fault is not None:
            raise self._fault(operation, *fault, signed=signed)
        if body is None or answer.status != _OK:
            raise AnswerUnclear(f"{operation}: HTTP {answer.status} without a SOAP answer.", device=self.name)
        self._accepted = self._accepted or signed
        return body

    def _fault(self, operation: str, reason: str, subcodes: tuple[str, ...], *, signed: bool) -> SoapFault:
        refused = bool(REFUSED & set(subcodes))
        what = as_text(operation, reason, subcodes) + "."
        if refused and signed and not self._accepted:
            self._refusal = what
        return SoapFault(what, subcodes=subcodes, device=self.name, remedy=_HINT if refused else "")

    def _read(self, operation: str, service: Described, body: etree._Element) -> Any:
        """What zeep makes of the answer, after searching it for content that zeep could not interpret."""
        element = service.answer(operation)
        answered = next(iter(body), None)
        if answered is None:
            raise AnswerUnclear(f"{operation}: the answer is empty.", device=self.name)
        if etree.QName(answered).localname != etree.QName(element.qname).localname:
            raise AnswerUnclear(f"{operation}: the answer is a {answered.tag}.", device=self.name)
        answered.tag = element.qname.text  # an answer in a neighbouring namespace still has the right name
        try:
            with listening() as unread:
                value = element.parse(answered, service.types)
        except (ZeepError, ValueError, TypeError, KeyError, AttributeError, LookupError) as error:
            raise AnswerUnclear(
                f"{operation}: the answer cannot be read: {error}.", device=self.name
            ) from None
        self.unreadable += unread
        self.note(*(f"{operation}: {one}" for one in unread))
        unplaced = list(_unplaced(value, operation)) if isinstance(value, list | CompoundValue) else []
        self.note(*unplaced)
        if getattr(value, "_raw_elements", None):
            raise AnswerUnclear(
                f"the answer is not what ONVIF describes: {unplaced[0]}.",
                device=self.name,
                remedy="It must not be read as an empty list.",
            )
        return _unwrapped(value)


def _limits(connection: Connection) -> http.Limits:
    timeout = connection.options.get("timeout_s", 5.0)
    seconds = float(timeout) if isinstance(timeout, int | float) else 5.0
    most = connection.options.get("max_answer_bytes", http.MAX_BYTES)
    size = most if isinstance(most, int) else http.MAX_BYTES
    return http.Limits(connect_s=seconds, read_s=seconds, total_s=_TOTAL * seconds, max_bytes=size)


def _device_xaddr(connection: Connection) -> Address:
    path = connection.path or "/onvif/device_service"
    return replace(http.base(connection), target=f"/{path.lstrip('/')}")


def _from_capabilities(answer: Any) -> Iterator[tuple[str, str]]:
    """Namespace and address of each capability, those in the extension (Recording, Search, Replay) included.

    zeep takes the children of the extension for foreign elements and leaves them raw.
    """
    fields = dict(getattr(answer, "__values__", None) or {})
    extension = fields.get("Extension")
    fields |= {
        name: part for name, part in dict(getattr(extension, "__values__", None) or {}).items() if part
    }
    addresses = {name.lower(): getattr(part, "XAddr", None) for name, part in fields.items()}
    for raw in fields.get("_value_1") or []:
        addresses[etree.QName(raw).localname.lower()] = raw.findtext("{*}XAddr")
    for name, entry in SERVICES.items():
        if addresses.get(name) and name != "pullpoint":
            yield entry["ns"], str(addresses[name])


def _unplaced(value: Any, path: str) -> Iterator[str]:
    """Every element of the answer that zeep could not interpret, by its path."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, list | CompoundValue):
                yield from _unplaced(item, f"{path}[{index}]")
        return
    values = object.__getattribute__(value, "__values__")  # faster than the library's own look-up
    for raw in values.get("_raw_elements") or []:
        yield f"{path}: {etree.QName(raw).localname} is not where ONVIF places it"
    for name, child in values.items():
        if name != "_raw_elements" and isinstance(child, list | CompoundValue):
            yield from _unplaced(child, f"{path}.{name}")


def _unwrapped(value: Any) -> Any:
    """As zeep does: an answer with one child and no attributes is that child."""
    xsd_type = getattr(value, "_xsd_type", None)
    if xsd_type is not None and len(xsd_type.elements) == 1 and not xsd_type.attributes:
        return getattr(value, xsd_type.elements[0][0])
    return value
