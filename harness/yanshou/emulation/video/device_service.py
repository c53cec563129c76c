# SPDX-License-Identifier: Apache-2.0
"""ONVIF device management service: identity, clock, services and network."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from yanshou.emulation.video.device import EmulatedDevice
from yanshou.emulation.video.event_service import event_capabilities
from yanshou.emulation.video.media_service import media2_capabilities, media_capabilities
from yanshou.emulation.video.operations import open_to_all, protected
from yanshou.emulation.video.recording_service import recording_capabilities
from yanshou.emulation.video.replay_service import replay_capabilities
from yanshou.emulation.video.search_service import search_capabilities
from yanshou.emulation.video.soap import NAMESPACES, Call, el, leaf

FIRMWARE = "1.4.2"
"""Firmware version of every emulated device."""

_PATHS = {
    "tds": "onvif/device_service",
    "trt": "onvif/media_service",
    "tr2": "onvif/media2_service",
    "tev": "onvif/event_service",
    "trc": "onvif/recording_service",
    "tse": "onvif/search_service",
    "trp": "onvif/replay_service",
}
_VERSIONS = {"tds": (2, 60), "tr2": (20, 12)}
_RECORDING = ("trc", "tse", "trp")


def _address(device: EmulatedDevice, prefix: str) -> str:
    return device.http_address(_PATHS[prefix])


def device_capabilities(_device: EmulatedDevice) -> str:
    """Capabilities element of this service."""
    security = {"UsernameToken": True, "HttpDigest": False, "TLS1.2": False}
    return el(
        "tds:Capabilities",
        el("tds:Network", IPFilter=False, ZeroConfiguration=False, IPVersion6=False, NTP=1),
        el("tds:Security", **security),
        el(
            "tds:System",
            DiscoveryResolve=False,
            DiscoveryBye=False,
            SystemLogging=False,
            FirmwareUpgrade=False,
        ),
    )


_CAPABILITIES = {
    "tds": device_capabilities,
    "trt": media_capabilities,
    "tr2": media2_capabilities,
    "tev": event_capabilities,
    "trc": recording_capabilities,
    "tse": search_capabilities,
    "trp": replay_capabilities,
}


def _services(device: EmulatedDevice, call: Call) -> str:
    wanted = call.text("IncludeCapability") in ("true", "1")
    prefixes = [prefix for prefix in _PATHS if device.is_recorder or prefix not in _RECORDING]
    return el("tds:GetServicesResponse", *(_service(device, prefix, wanted) for prefix in prefixes))


def _service(device: EmulatedDevice, prefix: str, with_capabilities: bool) -> str:  # noqa: FBT001 - a field of the request
    major, minor = _VERSIONS.get(prefix, (2, 50))
    capabilities = el("tds:Capabilities", _CAPABILITIES[prefix](device)) if with_capabilities else ""
    return el(
        "tds:Service",
        leaf("tds:Namespace", NAMESPACES[prefix]),
        leaf("tds:XAddr", _address(device, prefix)),
        capabilities,
        el("tds:Version", leaf("tt:Major", major), leaf("tt:Minor", minor)),
    )


def _service_capabilities(device: EmulatedDevice, _call: Call) -> str:
    return el("tds:GetServiceCapabilitiesResponse", device_capabilities(device))


def _capabilities(device: EmulatedDevice, call: Call) -> str:
    wanted = set(call.texts("Category")) or {"All"}
    parts = {"Device": _old_device(device), "Events": _old_events(device), "Media": _old_media(device)}
    chosen = [part for name, part in parts.items() if wanted & {"All", name}]
    if "All" in wanted and device.is_recorder:
        chosen.append(_old_extension(device))
    return el("tds:GetCapabilitiesResponse", el("tds:Capabilities", *chosen))


def _flags(prefix: str, **flags: bool) -> str:
    return "".join(leaf(f"{prefix}:{name}", value) for name, value in flags.items())


def _old_device(device: EmulatedDevice) -> str:
    system = _flags(
        "tt",
        DiscoveryResolve=False,
        DiscoveryBye=False,
        RemoteDiscovery=False,
        SystemBackup=False,
        SystemLogging=False,
        FirmwareUpgrade=False,
    )
    version = el("tt:SupportedVersions", leaf("tt:Major", 2), leaf("tt:Minor", 60))
    network = _flags("tt", IPFilter=False, ZeroConfiguration=False, IPVersion6=False, DynDNS=False)
    return el(
        "tt:Device",
        leaf("tt:XAddr", _address(device, "tds")),
        el("tt:Network", network),
        el("tt:System", system, version),
    )


def _old_events(device: EmulatedDevice) -> str:
    flags = _flags(
        "tt",
        WSSubscriptionPolicySupport=False,
        WSPullPointSupport=True,
        WSPausableSubscriptionManagerInterfaceSupport=False,
    )
    return el("tt:Events", leaf("tt:XAddr", _address(device, "tev")), flags)


def _old_media(device: EmulatedDevice) -> str:
    flags = _flags("tt", RTPMulticast=False, RTP_TCP=False, RTP_RTSP_TCP=True)
    return el("tt:Media", leaf("tt:XAddr", _address(device, "trt")), el("tt:StreamingCapabilities", flags))


def _old_extension(device: EmulatedDevice) -> str:
    editable = device.behaviour.record_edit_allowed
    recording = _flags(
        "tt", ReceiverSource=False, MediaProfileSource=True, DynamicRecordings=editable, DynamicTracks=False
    )
    address = leaf("tt:XAddr", _address(device, "trc"))
    return el(
        "tt:Extension",
        el("tt:Recording", address, recording, leaf("tt:MaxStringLength", 256)),
        el("tt:Search", leaf("tt:XAddr", _address(device, "tse")), leaf("tt:MetadataSearch", False)),
        el("tt:Replay", leaf("tt:XAddr", _address(device, "trp"))),
    )


def _information(device: EmulatedDevice, _call: Call) -> str:
    return el(
        "tds:GetDeviceInformationResponse",
        leaf("tds:Manufacturer", "Emulated"),
        leaf("tds:Model", device.device.model or "EMU"),
        leaf("tds:FirmwareVersion", FIRMWARE),
        leaf("tds:SerialNumber", device.serial),
        leaf("tds:HardwareId", "1.0"),
    )


def _system_time(device: EmulatedDevice, _call: Call) -> str:
    utc = datetime.fromtimestamp(device.now(), UTC)
    local = utc.astimezone(ZoneInfo(device.time_zone))
    shown = local if device.behaviour.local_time_as_utc else utc
    daylight = bool(local.dst())
    parts = [leaf("tt:DateTimeType", "NTP"), leaf("tt:DaylightSavings", daylight)]
    parts.append(el("tt:TimeZone", leaf("tt:TZ", _posix_zone(local))))
    if not device.behaviour.no_utc:
        parts.append(_date_time("tt:UTCDateTime", shown))
    parts.append(_date_time("tt:LocalDateTime", local))
    return el("tds:GetSystemDateAndTimeResponse", el("tds:SystemDateAndTime", *parts))


def _posix_zone(local: datetime) -> str:
    """POSIX 1003.1 zone without daylight saving rules; its sign is that of UTC minus local time."""
    offset = local.utcoffset()
    minutes = -round(offset.total_seconds() / 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    return f"<LT>{sign}{hours}" + (f":{rest:02d}" if rest else "")


def _date_time(tag: str, moment: datetime) -> str:
    clock = el(
        "tt:Time",
        leaf("tt:Hour", moment.hour),
        leaf("tt:Minute", moment.minute),
        leaf("tt:Second", moment.second),
    )
    date = el(
        "tt:Date", leaf("tt:Year", moment.year), leaf("tt:Month", moment.month), leaf("tt:Day", moment.day)
    )
    return el(tag, clock, date)


def _scopes(device: EmulatedDevice, _call: Call) -> str:
    kind = "NVT" if device.device.kind == "camera" else "NVD"
    profiles = ["Profile/Streaming", "Profile/T"] + (["Profile/G"] if device.is_recorder else [])
    items = [
        *profiles,
        f"type/{kind}",
        f"hardware/{quote(device.device.model or 'EMU')}",
        f"name/{quote(device.device.name or device.id)}",
        f"location/{quote(device.device.location)}",
    ]
    scopes = (
        el("tds:Scopes", leaf("tt:ScopeDef", "Fixed"), leaf("tt:ScopeItem", f"onvif://www.onvif.org/{item}"))
        for item in items
    )
    return el("tds:GetScopesResponse", *scopes)


def _interfaces(device: EmulatedDevice, _call: Call) -> str:
    hardware = "02:" + ":".join(device.serial[at : at + 2] for at in range(0, 10, 2))
    manual = el("tt:Manual", leaf("tt:Address", device.host), leaf("tt:PrefixLength", 8))
    return el(
        "tds:GetNetworkInterfacesResponse",
        el(
            "tds:NetworkInterfaces",
            leaf("tt:Enabled", True),
            el("tt:Info", leaf("tt:Name", "eth0"), leaf("tt:HwAddress", hardware), leaf("tt:MTU", 1500)),
            el("tt:IPv4", leaf("tt:Enabled", True), el("tt:Config", manual, leaf("tt:DHCP", False))),
            token="eth0",  # noqa: S106 - a name, no secret
        ),
    )


def _protocols(device: EmulatedDevice, _call: Call) -> str:
    ports = {"HTTP": device.http_port, "RTSP": device.rtsp_port}
    rows = (
        el("tds:NetworkProtocols", leaf("tt:Name", name), leaf("tt:Enabled", True), leaf("tt:Port", port))
        for name, port in ports.items()
    )
    return el("tds:GetNetworkProtocolsResponse", *rows)


def _hostname(device: EmulatedDevice, _call: Call) -> str:
    information = el(
        "tds:HostnameInformation", leaf("tt:FromDHCP", False), leaf("tt:Name", device.id.lower())
    )
    return el("tds:GetHostnameResponse", information)


def _ntp(device: EmulatedDevice, _call: Call) -> str:
    manual = el("tt:NTPManual", leaf("tt:Type", "IPv4"), leaf("tt:IPv4Address", device.host))
    return el("tds:GetNTPResponse", el("tds:NTPInformation", leaf("tt:FromDHCP", False), manual))


OPERATIONS = open_to_all(
    GetSystemDateAndTime=_system_time,
    GetServices=_services,
    GetServiceCapabilities=_service_capabilities,
    GetCapabilities=_capabilities,
    GetHostname=_hostname,
) | protected(
    GetDeviceInformation=_information,
    GetScopes=_scopes,
    GetNetworkInterfaces=_interfaces,
    GetNetworkProtocols=_protocols,
    GetNTP=_ntp,
)
"""Operations of the device management service."""
