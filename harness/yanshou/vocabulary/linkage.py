# SPDX-License-Identifier: Apache-2.0
"""The words of a linkage matrix: what happens at a source, and what that brings about at a target."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import DeviceKind
from yanshou.vocabulary.values import WordValue

_K = DeviceKind

EVENTS = WordValue(
    {
        "alarm": ("报警", "入侵报警", "探测报警", "触发"),
        "tamper": ("防拆", "防拆报警"),
        "forced": ("强行开门", "非法开门", "破门", "forced door"),
        "granted": ("合法开门", "刷卡开门", "有权凭证", "access granted"),
        "denied": ("非法刷卡", "无权凭证", "access denied"),
        "fire": ("火警", "消防信号", "火灾报警", "fire signal"),
        "command": ("命令", "控制命令", "中心命令", "central command"),
    }
)
"""What may happen at the source of a linkage."""

EFFECTS = WordValue(
    {
        "recording": ("录像", "报警录像", "启动录像", "record"),
        "picture": ("图像", "画面", "弹出画面", "实时画面", "视频弹出", "live picture"),
        "preset": ("预置位", "调用预置位", "preset position"),
        "lock_release": ("开锁", "释放门锁", "释放", "unlock", "release"),
        "lock": ("锁闭", "闭锁", "封锁"),
        "fire_release": ("消防释放", "消防联动释放"),
        "siren": ("警号", "声光报警", "声光报警器", "警铃"),
        "lamp": ("灯", "灯光", "照明", "开灯", "light"),
        "message": ("信息", "报警信息", "中心信息", "上传中心", "message at the centre"),
        "police": ("公安", "报公安", "报警至公安", "dispatch"),
        "power_off": ("切断电源", "切非", "切断非消防电源", "power cut"),
    }
)
"""What a linkage may bring about at its target."""

USUAL_EVENT: Mapping[DeviceKind, str] = {
    _K.DOOR: "forced",
    _K.DOOR_CONTROLLER: "fire",
    _K.PLATFORM: "command",
}
"""What happens at a source of that kind if the linkage does not say; at any other kind an alarm."""

USUAL_EFFECT: Mapping[DeviceKind, str] = {
    _K.CAMERA: "recording",
    _K.DOOR: "lock_release",
    _K.DOOR_CONTROLLER: "lock_release",
    _K.PANEL: "siren",
    _K.ALARM_LINK: "message",
    _K.PLATFORM: "message",
}
"""What a linkage brings about at a target of that kind if it does not say."""

EVENTS_OF: Mapping[DeviceKind, frozenset[str]] = {
    _K.ZONE: frozenset({"alarm", "tamper"}),
    _K.PANEL: frozenset({"alarm", "tamper"}),
    _K.DOOR: frozenset({"forced", "granted", "denied"}),
    _K.DOOR_CONTROLLER: frozenset({"fire"}),
    _K.PLATFORM: frozenset({"command"}),
}
"""What can happen at a source of that kind; at any other kind, every event."""

TARGETS_OF: Mapping[str, frozenset[DeviceKind]] = {
    "recording": frozenset({_K.CAMERA}),
    "picture": frozenset({_K.CAMERA}),
    "preset": frozenset({_K.CAMERA}),
    "lock_release": frozenset({_K.DOOR, _K.DOOR_CONTROLLER}),
    "lock": frozenset({_K.DOOR, _K.DOOR_CONTROLLER}),
    "message": frozenset({_K.PLATFORM, _K.ALARM_LINK}),
    "police": frozenset({_K.ALARM_LINK}),
}
"""The kinds of target an effect is possible at; any other effect is possible everywhere."""
