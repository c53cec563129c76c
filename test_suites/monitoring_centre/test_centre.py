# SPDX-License-Identifier: Apache-2.0
"""监控中心 — seen with a named person, photographed, and held against the inventory."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Duty, measures, message
from yanshou.model import DeviceKind, NotApplicable, Text

_TRIED = ("works", "fails", "absent", "untried")


@measures("centre_video_coverage", operator=True, seconds=300)
def test_centre_video_coverage(ask: Ask, duty: Duty) -> None:
    """The cameras of the entrance and of the inside, by their ids; both pictures are looked at."""
    person = ask.name("centre.person")
    for place in ("entrance", "inside"):
        label = message(f"centre.{place}")
        named = ask.names("centre.cameras", key=f"centre.{place}.cameras", part=label)
        if not named:
            duty.broken(f"监控中心{label.zh}没有视频覆盖")
            continue
        duty.seen(len(duty.devices(named, DeviceKind.CAMERA)))
        if not ask.yes("centre.covered", key=f"centre.{place}.covered", part=label):
            duty.broken(f"监控中心{label.zh}未被完全覆盖")
        ask.photo("centre.photo", key=f"centre.{place}.photo", part=label)
    duty.conclude(f"陪同 {person}")


@measures("centre_communication", operator=True, seconds=300)
def test_centre_communication(ask: Ask, duty: Duty) -> None:
    """A call inside and a call outside are made; who answered is named."""
    for way in ("inward", "outward"):
        _try(ask, duty, f"centre.{way}", message(f"centre.{way}"))
    ask.photo("centre.talk_photo")
    duty.conclude()


@measures("centre_hold_up", operator=True, intrusive=("hold_up",), seconds=300)
def test_centre_hold_up(ask: Ask, duty: Duty) -> None:
    """The hold-up device by its id, and whether an agreed test call reached somebody outside."""
    named = ask.names("centre.hold_up.devices")
    if not named:
        duty.broken("监控中心没有紧急报警装置")
        duty.conclude()
        return
    for device in duty.devices(named, DeviceKind.ZONE):
        if device.attributes.get("type") != "hold_up":
            duty.doubt(f"{device.id} 在点位表中不是紧急报警防区")
    _try(ask, duty, "centre.hold_up.call", message("centre.hold_up.words"))
    ask.photo("centre.hold_up.photo")
    duty.conclude()


@measures("centre_cables_protected", operator=True, seconds=300)
def test_centre_cables_protected(ask: Ask, duty: Duty) -> None:
    """Where control and equipment rooms are apart: how the cables between them are protected."""
    if not ask.yes("centre.apart"):
        raise NotApplicable("值守区与设备区未分离")
    person = ask.name("centre.person", key="centre.cables.person")
    protection = ask.choice("centre.cables", ("conduit", "trunking", "buried", "none"))
    if protection == "none":
        duty.broken("两区之间的线缆没有保护")
    ask.photo("centre.cables.photo")
    duty.seen()
    duty.conclude(f"{message(f'centre.cables.{protection}').zh}，陪同 {person}")


@measures("centre_equipment_room_guarded", operator=True, seconds=300)
def test_centre_equipment_room_guarded(ask: Ask, duty: Duty) -> None:
    """The detectors and the controlled doors of the equipment room, by their ids in the inventory."""
    detectors = ask.names("centre.equipment.zones")
    doors = ask.names("centre.equipment.doors")
    if not detectors:
        duty.broken("设备区没有入侵探测")
    if not doors:
        duty.broken("设备区没有出入口控制")
    found = [*duty.devices(detectors, DeviceKind.ZONE), *duty.devices(doors, DeviceKind.DOOR)]
    duty.seen(len(found))
    ask.photo("centre.equipment.photo")
    duty.conclude("、".join(f"{one.id} {one.name}" for one in found))


@measures("centre_self_protection", operator=True, seconds=300)
def test_centre_self_protection(ask: Ask, duty: Duty) -> None:
    """The measures that the clause lists, as the laboratory reads them on paper, and which are missing."""
    listed = ask.names("centre.measures.listed")
    missing = ask.names("centre.measures.missing")
    if not listed:
        duty.unseen("未列出标准条文所要求的防护措施")
    if stray := [one for one in missing if one not in listed]:
        duty.doubt(f"所缺的 {'、'.join(stray)} 不在所列措施之中")
    if missing:
        duty.broken(f"缺少：{'、'.join(missing)}")
    duty.seen(len(listed))
    ask.photo("centre.measures.photo")
    duty.conclude(f"核对 {len(listed)} 项：{'、'.join(listed)}")


def _try(ask: Ask, duty: Duty, key: str, way: Text) -> None:
    """Ask what an agreed call brought: who answered it, why it proves nothing, or that it failed."""
    match ask.choice("centre.call", _TRIED, key=key, way=way):
        case "works":
            duty.seen()
            ask.name("centre.answered", key=f"{key}.answered")
        case "untried":
            duty.unseen(f"{way.zh}未试")
        case outcome:
            duty.broken(f"{way.zh}：{message(f'centre.call.{outcome}').zh}")
