# SPDX-License-Identifier: Apache-2.0
"""Questions of the GB/T 28181 and GB 35114 suites."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

GB28181: Final[dict[str, Text]] = {
    "gb28181.leave": Text(
        "请在 {device} 上停用国标接入（使其注销），完成后确认",
        "Switch off the GB/T 28181 link at {device} (so that it logs out), then confirm",
    ),
    "gb28181.back": Text(
        "请在 {device} 上重新启用国标接入，完成后确认",
        "Switch the GB/T 28181 link at {device} on again, then confirm",
    ),
    "gb28181.offline": Text(
        "平台已停止应答 {device} 的心跳。请观察其界面，显示与上级平台离线（断开）时立即确认；"
        "久等仍未显示的，答“否”",
        "The platform no longer answers the keepalives of {device}. Watch its display, and confirm at once "
        "when it shows the upper platform as offline; answer no if it does not after a long wait",
    ),
    "gb28181.still_online": Text(
        "请再看一次 {device} 的界面：此刻仍未显示与上级平台离线吗？",
        "Look at the display of {device} once more: does it still not show the upper platform as offline?",
    ),
    "gb28181.alarm": Text(
        "请触发一次报警（并在确认后复位）", "Trigger one alarm (and reset it after confirming)"
    ),
    "gb28181.unplug": Text(
        "请断开摄像机 {camera} 到 {recorder} 的网络线路，断开后立即确认",
        "Unplug the network line of camera {camera} to {recorder}, and confirm at once when it is out",
    ),
    "gb28181.plug": Text(
        "请重新接通摄像机 {camera} 到 {recorder} 的网络线路，接通后立即确认",
        "Plug the network line of camera {camera} to {recorder} in again, and confirm at once when it is in",
    ),
    "gb28181.watch": Text(
        "请打开 {device} 的实时画面，准备观察云台动作，完成后确认",
        "Open the live picture of {device} to watch it move, then confirm",
    ),
    "gb28181.moved": Text(
        "哪些摄像机按“{way}”正确动作，并在停止命令后停住？",
        "Which camera moved rightly ({way}), and stopped at the command?",
    ),
    "gb28181.moved.only": Text("仅被控摄像机正确动作", "the commanded camera alone, and rightly"),
    "gb28181.moved.wrong": Text(
        "被控摄像机未正确动作，其他也未动作", "it did not move rightly, and no other moved"
    ),
    "gb28181.moved.others": Text("有其他摄像机动作", "another camera moved"),
    "gb28181.others": Text(
        "执行这些命令期间，下列摄像机中哪些随之动作（没有则答“无”）：{cameras}",
        "Which of these cameras moved with the commands (none: write none): {cameras}",
    ),
    "gb28181.way.left": Text("左转", "left"),
    "gb28181.way.right": Text("右转", "right"),
    "gb28181.way.up": Text("上仰", "up"),
    "gb28181.way.down": Text("下俯", "down"),
    "gb28181.way.in": Text("放大", "zoom in"),
    "gb28181.way.out": Text("缩小", "zoom out"),
    "gb28181.preset": Text(
        "请给出 {device} 未使用的预置位编号（将被设置、调用并删除），并打开其实时画面",
        "Number of a preset of {device} that is not in use (it will be set, called and deleted); "
        "open the live picture",
    ),
    "gb28181.same": Text(
        "离开后调用预置位，哪些摄像机动作，被控摄像机是否回到同一画面？",
        "After leaving and calling the preset: which cameras moved, and is it the same picture?",
    ),
    "gb35114.tester": Text(
        "所用 GB 35114 测试仪的型号、编号与证书信任链",
        "Model and number of the GB 35114 tester, and its chain of trust",
    ),
    "gb35114.record": Text("测试仪结果的截图或记录", "Screenshot or record of the tester's result"),
    "gb35114.class_a": Text(
        "A 级注册认证：对两个随机数和服务器编码的 SM2 签名是否验证通过？",
        "Class A registration: does the SM2 signature over both random numbers and the server id verify?",
    ),
    "gb35114.note": Text(
        "除注册外的信令是否均带 Note 摘要头，且重新计算一致？",
        "Does all signalling other than registration carry a Note digest that recomputes to the same value?",
    ),
    "gb35114.signature": Text(
        "视频签名是否验证通过，且改动一字节即失败？",
        "Do the signatures in the video verify, and fail when a byte is changed?",
    ),
    "gb35114.encryption": Text(
        "视频是否无密钥不能解码、有密钥能解码？",
        "Is the video undecodable without the key, and decodable with it?",
    ),
}
