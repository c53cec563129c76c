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
    "linkage.seen": Text("{target} 是否发生「{effect}」？", "Did {target} react with this: {effect}?"),
}
