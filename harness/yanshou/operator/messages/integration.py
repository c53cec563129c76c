# SPDX-License-Identifier: Apache-2.0
"""Questions of the integration suite: linkages, the platform, its interfaces, wanted vehicles."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

INTEGRATION: Final[dict[str, Text]] = {
    "event.alarm": Text("报警", "alarm"),
    "event.tamper": Text("防拆", "tamper"),
    "event.forced": Text("强行开门", "forced door"),
    "event.granted": Text("有权凭证开门", "access granted"),
    "event.denied": Text("出示无权凭证", "access denied"),
    "event.fire": Text("消防信号", "fire signal"),
    "event.command": Text("中心命令", "command of the centre"),
    "linkage.fire": Text(
        "请在 {source} 触发「{event}」，完成后立即确认", "Bring about at {source}: {event}. Confirm at once"
    ),
    "linkage.over": Text("请将 {source} 的「{event}」复原", "Put {source} back: {event} is over"),
    "linkage.others_moved": Text(
        "其他摄像机中同时动作的有哪些（设备编号，用逗号分开；没有填“无”）？",
        "Which other cameras moved at the same time (device ids, separated by commas; none: -)?",
    ),
    "linkage.seen": Text("{target} 是否发生「{effect}」？", "Did {target} react with this: {effect}?"),
    "platform.stop": Text(
        "请停止 {platform} 的服务（双机的两台都停），完成后确认",
        "Stop the service of {platform}, on both hosts where there are two. Confirm when done",
    ),
    "platform.start": Text(
        "请重新启动 {platform} 的服务，完成后确认", "Start the service of {platform} again. Confirm when done"
    ),
    "platform.shares_nothing": Text(
        "{device} 的报警系统是否未与其他系统共用关键设备（电源、传输、主机）？",
        "Does the alarm system of {device} share no key equipment (supply, transmission, host) with others?",
    ),
    "vehicle.drive": Text(
        "请让挂有布控车牌 {plate} 的车辆（或其图片）通过，通过后立即确认",
        "Let the vehicle with the wanted plate {plate}, or its picture, pass. Confirm at once",
    ),
    "interface.client": Text(
        "客户端是否已检测接口 {interface}（显示与操作）？",
        "Was the interface {interface} tested at a client, both display and operation?",
    ),
}
