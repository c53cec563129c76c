# SPDX-License-Identifier: Apache-2.0
"""条例义务 — required systems, privacy, papers, integrity and access to records."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Duty, Record, View, evaluate, measures, message
from yanshou.model import Device, DeviceKind, Site

_PLACES = ("none", "guest_room", "dormitory", "bathroom", "client_data", "ballot", "other")


_ESSENTIAL = {
    "intrusion": {DeviceKind.ZONE},
    "video": {DeviceKind.CAMERA},
    "access_control": {DeviceKind.DOOR, DeviceKind.READER},
    "security_inspection": {DeviceKind.XRAY, DeviceKind.GATE},
    "alarm_network": {DeviceKind.ALARM_LINK},
    "integration": {DeviceKind.LINKAGE, DeviceKind.PLATFORM},
}
"""What a system consists of at least: a recorder without a camera is no video system."""


@measures("required_systems_present")
def test_required_systems_present(site: Site, record: Record) -> None:
    """The systems required for this category of place (Art. 8) all have devices in the inventory."""
    present = {
        one.system.value
        for one in site.devices.values()
        if one.kind in _ESSENTIAL.get(one.system.value, {one.kind})
    }
    required = site.attributes.get("required_systems")
    if not isinstance(required, list | tuple) or not required:
        if "category" in site.attributes and not present & _ESSENTIAL.keys():
            record.logical(conforms=False, because="第八条所列场所，点位表中没有任何技防系统")
            return
        record.cannot("工程文件未说明本类场所应有的系统（required_systems）")
    missing = [name for name in required if name not in present]
    record.logical(
        conforms=not missing, n=len(required), because=f"缺少：{'、'.join(missing)}" if missing else ""
    )


@measures("privacy_of_view", operator=True)
def test_privacy_of_view(device: Device, view: View, ask: Ask, record: Record) -> None:
    """The place by the inventory; then a named person says whether the view shows one of the six kinds."""
    place = evaluate.place_of(device)
    if place.forbidden:
        record.logical(conforms=False, because=place.because)
        return
    seen = ask.choice("view", _PLACES, show=(view.full(),))
    view.keep_blurred()
    if seen == "none" and not place.kind:
        record.cannot(place.because)  # what a picture does not show may still be such a place
    record.logical(conforms=seen == "none", because="" if seen == "none" else message(f"view.{seen}").zh)


@measures("papers_kept", operator=True, seconds=180)
def test_papers_kept(ask: Ask, duty: Duty) -> None:
    """Drawings and documents, the rules of secrecy and of use are shown; where and how they are kept."""
    for name in ("drawings", "secrecy_rules", "rules"):
        duty.paper(name)
    place = ask.text("paper.reference", key="reference")
    if not ask.yes("papers.safe", place=place):
        duty.broken(f"图纸资料未妥善保管：{place}")
    duty.conclude(f"存放：{place}")
