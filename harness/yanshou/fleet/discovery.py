# SPDX-License-Identifier: Apache-2.0
"""The devices found on the network compared with the inventory.

Nothing is written to any device. The password of the site file is tried at most once per device. Only if the
site file permits it, the former default password of the maker is tried at most once.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from yanshou.drivers.gb28181.addresses import address_of, is_gb28181
from yanshou.fleet.ask import MOST_BYTES
from yanshou.fleet.scope import MODBUS_PORT, Scope
from yanshou.model import Connection, Device, RigFault, Site, UsageError
from yanshou.protocols import discovery as wire
from yanshou.protocols.address import Address, NoAddress, read_address
from yanshou.protocols.onvif import OnvifDevice, SoapFault
from yanshou.site import connection_secret

if TYPE_CHECKING:
    from yanshou.drivers.gb28181.roll_call import Present, RollCall

_HTTP, _HTTPS = 80, 443
_AT_ONCE: Final = 32
DEFAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "hikvision": ("admin", "12345"),
    "dahua": ("admin", "admin"),
    "uniview": ("admin", "123456"),
    "axis": ("root", "pass"),
    "hanwha": ("admin", "4321"),
    "samsung": ("admin", "4321"),
    "bosch": ("service", "service"),
}
"""The default passwords of makers before devices demanded one's own; any other maker: admin, admin."""

_KNOWN: Final = frozenset({*DEFAULTS.values(), ("admin", "admin"), ("admin", "")})


@dataclass(slots=True)
class Found:
    """One device on the network, at ``host:port``; what it reported is empty if it did not report it."""

    protocol: str  # onvif | modbus-tcp | gb28181
    host: str
    port: int
    epr: str = ""
    mac: str = ""
    name: str = ""
    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    open_access: bool = False
    default_password: bool = False
    refused: bool = False
    remarks: list[str] = field(default_factory=list)
    doubtful: bool = False  # it reports neither that it is an ONVIF device nor an address
    # the address it reports, if that cannot be read and the device was not found otherwise
    unreadable: str = ""
    code: str = ""  # its 20 digits, of GB/T 28181
    parent: str = ""  # the device of the inventory that lists it as a channel

    @property
    def address(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: ``kind`` of the closed list below, the inventory's device or empty, the address."""

    kind: str  # missing extra unreadable moved other_device firmware default_password open_access refused
    device: str
    address: str
    reported: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All devices found, by inventory id if they are in the inventory, and every difference."""

    known: Mapping[str, Found]
    extra: Sequence[Found]
    differences: Sequence[Difference]


def discover(site: Site, scope: Scope) -> Outcome:
    """Search the network and compare; raises RigFault if nothing can be sent."""
    places = _places(site, scope)
    by_address = {_address(one): one for one in _networked(site)}
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="discover") as pool:
        asked = pool.map(lambda place: _identify(place, by_address.get(place.address), site, scope), places)
        found = [one for one in asked if one is not None]
    outcome = compare(site, found)
    if site.own_platform is None:
        return outcome
    from yanshou.drivers.gb28181.roll_call import roll_call  # noqa: PLC0415 - brings SIP and decoders in

    return with_registered(site, outcome, roll_call(site))


def with_registered(site: Site, outcome: Outcome, called: RollCall) -> Outcome:
    """The outcome with the devices that register at the bench, and the channels they list; pure."""
    known, extra, differences = dict(outcome.known), list(outcome.extra), list(outcome.differences)
    for to in (address_of(site, one) for one in site.devices.values() if is_gb28181(one)):
        device, here = to.device, called.present.get(to.registrant.id)
        at = to.host or to.channel
        if here is None or (to.registrant is not device and to.channel not in here.channels):
            why = called.absent.get(device.id, "") if here is None else here.why
            differences.append(Difference("missing", device.id, at, why))
            continue
        one = _registered(
            here, to.channel, here.info if to.registrant is device else here.channels.get(to.channel, {})
        )
        known[device.id] = one
        if to.registrant is device and to.host and _resolved(to.host) != one.host:
            differences.append(Difference("moved", device.id, one.address, one.address, to.host))
        differences += _state(device.id, one, site)
    listed = {
        to.channel for to in (address_of(site, one) for one in site.devices.values() if is_gb28181(one))
    }
    for here in called.present.values():
        extra += [_registered(here, code, here.channels[code]) for code in here.cameras if code not in listed]
    for code, peer in called.strangers.items():
        host, _, port = peer.rpartition(":")
        extra.append(Found("gb28181", host, int(port) if port.isdigit() else 0, code=code))
    new = extra[len(outcome.extra) :]
    differences += [Difference("extra", "", one.address, " ".join((_called(one), one.code))) for one in new]
    return Outcome(known, extra, differences)


def _registered(here: Present, code: str, said: Mapping[str, str]) -> Found:
    """A device that registered, or a channel of it, by what is said of it."""
    host, _, port = here.peer.rpartition(":")
    return Found(
        "gb28181",
        host,
        int(port),
        name=said.get("DeviceName", "") or said.get("Name", ""),
        maker=said.get("Manufacturer", ""),
        model=said.get("Model", ""),
        firmware=said.get("Firmware", ""),
        code=code,
        parent="" if code == here.code else here.device.id,
    )


def compare(site: Site, found: Sequence[Found]) -> Outcome:
    """The differences between the inventory and what was found; pure."""
    lost_output = [one for one in found if one.unreadable]
    found = [one for one in found if not one.unreadable]
    at = {one.address: one for one in found}
    taken: dict[str, Found] = {}
    known: dict[str, Found] = {}
    differences: list[Difference] = []
    lost: list[Device] = []
    for device in _networked(site):
        there = at.get(_address(device))
        if there is not None and _same(device, there):
            known[device.id] = taken[there.address] = there
            continue
        lost.append(device)
        if there is not None:
            wanted = str(device.attributes.get("serial", "") or device.attributes.get("epr", ""))
            reported = there.serial or there.epr
            differences.append(Difference("other_device", device.id, there.address, reported, wanted))
    for device in lost:
        new = next((one for one in found if one.address not in taken and _is(device, one)), None)
        if new is not None:
            known[device.id] = taken[new.address] = new
            differences.append(Difference("moved", device.id, new.address, new.address, _address(device)))
        else:
            differences.append(Difference("missing", device.id, _address(device)))
    extra = [one for one in found if one.address not in taken]
    differences += [Difference("unreadable", "", one.host, one.unreadable) for one in lost_output]
    differences += [Difference("extra", "", one.address, _called(one)) for one in extra]
    for name, one in [*known.items(), *(("", other) for other in extra)]:
        differences += _state(name, one, site)
    return Outcome(known, extra, differences)


def _state(name: str, one: Found, site: Site) -> Iterable[Difference]:
    wanted = str(site.devices[name].attributes.get("firmware", "")) if name else ""
    if wanted and one.firmware and one.firmware != wanted:
        yield Difference("firmware", name, one.address, one.firmware, wanted)
    if one.default_password:
        yield Difference("default_password", name, one.address, _called(one))
    if one.open_access:
        yield Difference("open_access", name, one.address, _called(one))
    if one.refused and name:
        yield Difference("refused", name, one.address)


def _same(device: Device, found: Found) -> bool:
    """Whether the device at an address of the inventory is the expected one, as far as can be compared."""
    pairs = [(key, str(device.attributes.get(key, ""))) for key in ("serial", "epr", "mac")]
    compared = [(wanted, str(getattr(found, key))) for key, wanted in pairs if wanted and getattr(found, key)]
    return all(_plain(wanted) == _plain(value) for wanted, value in compared)


def _is(device: Device, found: Found) -> bool:
    """Whether a device at another address is this one.

    By serial number, endpoint reference or MAC, never by model.
    """
    for key in ("serial", "epr", "mac"):
        wanted = _plain(str(device.attributes.get(key, "")))
        if wanted and wanted == _plain(str(getattr(found, key))):
            return True
    return False


def _plain(text: str) -> str:
    return text.casefold().replace(":", "").replace("-", "")


def _called(one: Found) -> str:
    return " ".join(part for part in (one.maker, one.model or one.name, one.serial) if part) or one.protocol


def _networked(site: Site) -> list[Device]:
    """The devices of the inventory that have a network connection and can identify themselves."""
    return [
        device
        for device in site.devices.values()
        if device.connection is not None and device.connection.protocol in {"onvif", "modbus-tcp"}
    ]


def _address(device: Device) -> str:
    link = device.connection
    assert link is not None
    usual = MODBUS_PORT if link.protocol == "modbus-tcp" else _HTTPS if link.options.get("tls") else _HTTP
    return f"{_resolved(link.host)}:{link.port or usual}"


@cache
def _resolved(host: str) -> str:
    """The IP address of a host name, since probes are answered with addresses; the name if it has none."""
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        return host


def _places(site: Site, scope: Scope) -> list[Found]:
    """All addresses to ask: those of the inventory, those that answered a probe, those the sweep found."""
    found: dict[str, Found] = {}
    for interface in scope.interfaces or ("",):
        for match in wire.probe(interface, port=scope.port, seconds=scope.seconds):
            place = _of_match(match)
            found.setdefault(place.address, place)
    for device in _networked(site):
        link = device.connection
        assert link is not None
        host, _, port = _address(device).rpartition(":")
        found.setdefault(f"{host}:{port}", Found(link.protocol, host, int(port)))
    hosts = wire.hosts_of(scope.subnets)
    for at, number in wire.answering(hosts, scope.ports, per_s=scope.per_s, timeout_s=scope.timeout_s):
        protocol = "modbus-tcp" if number == MODBUS_PORT else "onvif"
        found.setdefault(f"{at}:{number}", Found(protocol, at, number))
    return list(found.values())


def _of_match(match: wire.Match) -> Found:
    """Where a match is asked: at the first of its addresses on the host it came from, else at the first.

    An address that cannot be read is reported; then the host it came from is asked, at the usual port.
    """
    urls, remarks = [], []
    for text in match.xaddrs:
        try:
            urls.append(read_address(text))
        except NoAddress as error:
            remarks.append(f"it names the address {text[:200]!r}: {error}")
    urls = [one for one in urls if one.scheme in {"http", "https"}]
    usual = Address("http", match.host)
    url = next((one for one in urls if one.host == match.host), urls[0] if urls else usual)
    scopes = match.scopes
    return Found(
        "onvif",
        url.host or match.host,
        url.origin[2],
        remarks=remarks,
        doubtful=not (match.onvif and urls),
        unreadable=" ".join(match.xaddrs)[:200] if match.onvif and not urls else "",
        epr=match.epr,
        mac=scopes.get("mac", ""),
        name=scopes.get("name", ""),
        model=scopes.get("hardware", ""),
    )


def _identify(place: Found, device: Device | None, site: Site, scope: Scope) -> Found | None:
    """Identify the device at an address; None if nothing answers by a known protocol."""
    if place.protocol == "modbus-tcp":
        link = device.connection if device else None
        unit = int(str(link.options.get("unit", 1))) if link else 1
        answer = wire.ask_modbus(place.host, place.port, unit, timeout_s=scope.timeout_s)
        if answer is None:
            return None
        return replace(place, maker=answer.vendor, model=answer.product, firmware=answer.revision)
    try:
        return replace(_onvif(place, device, site, scope), unreadable="")
    except RigFault as fault:
        if isinstance(fault, SoapFault):
            place.remarks.append(fault.what)
            return place
        return place if place.unreadable or (place.epr and not place.doubtful) else None


def _onvif(place: Found, device: Device | None, site: Site, scope: Scope) -> Found:
    link = device.connection if device and device.connection else Connection("onvif", place.host, place.port)
    bounds = {"timeout_s": scope.timeout_s, "max_answer_bytes": MOST_BYTES} | dict(link.options)
    link = replace(link, host=place.host, port=place.port, options=bounds)
    try:
        _tell(place, replace(link, user="", secret=None), "")
        place.open_access = True  # the device accepts any password, so none is tried
    except SoapFault as fault:
        if not fault.refused:
            raise
    if place.open_access:
        return place
    own = ("", "")
    if device is not None and link.user:
        try:
            own = (link.user, connection_secret(link, site.folder, emulated=site.emulated))
        except UsageError as error:
            place.remarks.append(error.mistakes[0].what)
        else:
            place.refused = not _accepted(place, link, own)
            place.default_password = not place.refused and own in _KNOWN
    if scope.default_passwords and not place.refused and not place.default_password:
        usual = DEFAULTS.get(_maker(place), ("admin", "admin"))
        place.default_password = usual != own and _accepted(place, link, usual)
    return place


def _maker(place: Found) -> str:
    shown = f"{place.maker} {place.name} {place.model}".casefold()
    return next((maker for maker in DEFAULTS if maker in shown), "")


def _accepted(place: Found, link: Connection, credentials: tuple[str, str]) -> bool:
    """Whether the device accepts this user and password; tried once."""
    user, password = credentials
    try:
        _tell(place, replace(link, user=user, secret=None), password)
    except SoapFault as fault:
        if fault.refused:
            return False
        raise
    return True


def _tell(place: Found, link: Connection, password: str) -> None:
    with OnvifDevice(link, password, place.address) as opened:
        answer: Any = opened.service("devicemgmt").GetDeviceInformation()
    for key, name in (
        ("maker", "Manufacturer"),
        ("model", "Model"),
        ("firmware", "FirmwareVersion"),
        ("serial", "SerialNumber"),
    ):
        setattr(place, key, str(getattr(answer, name, None) or ""))
