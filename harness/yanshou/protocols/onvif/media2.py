# SPDX-License-Identifier: Apache-2.0
"""ONVIF media service version 2 (Profile T): the only one that can declare H.265.

The library does not describe it; the few requests used here are written and read by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lxml import etree

from yanshou.protocols.onvif.device import OnvifDevice
from yanshou.protocols.onvif.fault import AnswerUnclear

NAMESPACE: Final = "http://www.onvif.org/ver20/media/wsdl"


@dataclass(frozen=True, slots=True)
class Media2Profile:
    """A profile with a video encoder, as declared; None and empty for what the device does not state."""

    token: str
    encoding: str
    width: int
    height: int
    frame_rate: float | None
    bitrate_kbps: float | None
    profile: str
    gop: int | None


def profiles(device: OnvifDevice) -> list[Media2Profile]:
    """All profiles that encode video; raises as :meth:`OnvifDevice.ask` does."""
    question = _question("GetProfiles")
    _child(question, "Type", "VideoEncoder")
    found = [_profile(element) for element in _all(device.ask(NAMESPACE, question), "Profiles")]
    return [profile for profile in found if profile is not None]


def stream_uri(device: OnvifDevice, token: str) -> str:
    """The RTSP address of a profile."""
    question = _question("GetStreamUri")
    _child(question, "Protocol", "RTSP")
    _child(question, "ProfileToken", token)
    return _uri(device, question)


def snapshot_uri(device: OnvifDevice, token: str) -> str:
    """The address of a JPEG of a profile."""
    question = _question("GetSnapshotUri")
    _child(question, "ProfileToken", token)
    return _uri(device, question)


def _profile(element: etree._Element) -> Media2Profile | None:
    encoder = next(iter(_all(element, "VideoEncoder")), None)
    token = element.get("token", "")
    if encoder is None or not token:
        return None
    gop = encoder.get("GovLength", "")
    return Media2Profile(
        token,
        _text(encoder, "Encoding"),
        int(_number(encoder, "Width") or 0),
        int(_number(encoder, "Height") or 0),
        _number(encoder, "FrameRateLimit"),
        _number(encoder, "BitrateLimit"),
        encoder.get("Profile", ""),
        int(gop) if gop.isascii() and gop.isdigit() else None,
    )


def _uri(device: OnvifDevice, question: etree._Element) -> str:
    uri = _text(device.ask(NAMESPACE, question), "Uri")
    if not uri:
        raise AnswerUnclear(f"{etree.QName(question).localname}: no address.", device=device.name)
    return uri


def _question(operation: str) -> etree._Element:
    return etree.Element(f"{{{NAMESPACE}}}{operation}", nsmap={"tr2": NAMESPACE})


def _child(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    """Elements of that name in any namespace: firmware mixes tt and tr2."""
    return list(element.iter(f"{{*}}{name}"))


def _text(element: etree._Element, name: str) -> str:
    found = next(iter(_all(element, name)), None)
    return (found.text or "").strip() if found is not None else ""


def _number(element: etree._Element, name: str) -> float | None:
    try:
        number = float(_text(element, name))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
