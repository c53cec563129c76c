# SPDX-License-Identifier: Apache-2.0
"""Questions of the bench: releases, disturbances by hand, what is set up before a test."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

_TERMINAL: Final[dict[str, Text]] = {
    "terminal.yes": Text("是", "yes"),
    "terminal.no": Text("否", "no"),
    "terminal.yes_or_no": Text("是/否", "y/n"),
    "terminal.with_unit": Text("，连同单位键入", ", with its unit"),
    "terminal.path": Text("照片文件的路径", "path of the photograph"),
    "terminal.back": Text("（键入 < 更正上一答）", " (< corrects the answer before)"),
    "terminal.later": Text("（键入 > 本项稍后再做）", " (> leaves the item for later)"),
    "terminal.answers": Text("答复：", "Answers:"),
    "terminal.review": Text(
        "按回车键确认；键入序号更正该条", "Enter: all right; a number: correct that answer"
    ),
    "console.waits": Text(
        "有问题等待答复，请在手机上回答。打开控制台：yanshou console {run}",
        "A question waits for an answer on a phone. To open the console: yanshou console {run}",
    ),
    "console.paused": Text(
        "检测已暂停（{person}），在手机上继续。",
        "{person} paused the run; it goes on when a tester says so on a phone.",
    ),
    "terminal.needs": Text("应为{wanted}。", "It needs {wanted}."),
    "wanted.reason": Text("无法执行的原因（文字）", "the reason why it cannot be done, in words"),
    "wanted.words": Text("文字", "some words"),
    "wanted.name": Text("人的姓名（文字）", "the name of a person, in letters"),
    "wanted.form": Text("形如 {pattern} 的文字", "text like {pattern}"),
    "wanted.day": Text("日历中的日期，如 2026-11-03", "a day of the calendar, such as 2026-11-03"),
    "wanted.year": Text("{year} 年以后的日期", "a date after {year}"),
    "wanted.number": Text("以 {unit} 为单位的数值", "a number in {unit}"),
    "wanted.one_unit": Text("以 {unit} 为单位的数值，只带一个单位", "a number in {unit}, with one unit"),
    "wanted.whole": Text("整数（个数，不是比例）", "a whole number (how many, not a share)"),
    "wanted.with_unit": Text(
        "以 {unit} 为单位的数值，连同单位键入", "a number in {unit}, typed with its unit"
    ),
    "wanted.converted": Text("以 {unit} 为单位的数值：{why}", "a number in {unit}: {why}"),
    "wanted.range": Text("{low:g} 至 {high:g} {unit} 的数值", "a number from {low:g} to {high:g} {unit}"),
    "wanted.option": Text("下列之一：{options}", "one of {options}"),
    "wanted.yes_or_no": Text("是或否", "yes or no"),
    "wanted.file": Text("已有文件的路径", "the path of a file that exists"),
    "wanted.readable": Text("可读的文件（{why}）", "a file that can be read ({why})"),
    "wanted.whole_pdf": Text("完整的 PDF：该文件没有结尾", "a whole PDF: this one has no end"),
    "wanted.whole_photograph": Text(
        "完整的照片：该文件有损坏或缺失的部分",
        "a whole photograph: a part of this file is damaged or missing",
    ),
    "wanted.photograph": Text(
        "照片（JPEG、PNG、BMP、TIFF 或 WebP）：该文件无论其名称如何，都不是照片",
        "a photograph (JPEG, PNG, BMP, TIFF or WebP): this file is none, whatever its name says",
    ),
    "wanted.own_photo": Text(
        "另一张图片：该图片已用于 {other}", "another picture: this one was given for {other}"
    ),
    "wanted.drawing": Text(
        "手写签名的图片（PNG 或 JPEG，深色笔迹、浅色底）",
        "a picture of a signature (PNG or JPEG, dark on light)",
    ),
    "wanted.strokes": Text(
        "写出的姓名：空白或一个点不是签名", "a written name: nothing, or a dot, is no signature"
    ),
    "wanted.pixels": Text(
        "不小于 {long} x {short} 像素的照片：该照片为 {width} x {height}",
        "a photograph of at least {long} x {short} pixels: this one has {width} x {height}",
    ),
}

_ASKED: Final[dict[str, Text]] = {
    "release": Text(
        "是否允许「{action}」，并已通知各有关方？",
        "Do you release this action, and has everybody concerned been informed: {action}?",
    ),
    "signature.tester": Text(
        "检测人 {person}：请签名，确认本次检测的原始记录（日志哈希 {head}…）。",
        "{person}, tester: please sign for the raw record of this session (journal {head}…).",
    ),
    "signature.witness": Text(
        "见证人 {person}：请签名，确认见证了本次检测（日志哈希 {head}…）。",
        "{person}, witness: please sign that you witnessed this session (journal {head}…).",
    ),
    "action.siren": Text("启动声光报警", "sound the sirens"),
    "action.hold_up": Text("触发紧急报警", "trigger hold-up alarms"),
    "action.dispatch": Text("触发出警", "dispatch the police"),
    "action.lock_release": Text("释放电锁", "release locks"),
    "action.power_cut": Text("切断供电", "cut the power supply"),
    "action.network_cut": Text("断开网络", "cut the network"),
    "action.beam": Text("开启射线", "switch the X-ray beam on"),
    "action.platform_stop": Text("停止平台或视频主机的服务", "stop the service of a platform or video host"),
    "action.camera_move": Text("转动摄像机", "move cameras"),
    "action.remote_guard": Text("远程布撤防、复位和录像", "set, reset and record from the platform"),
    "action.fire_interface": Text("触发消防接口", "trigger the fire alarm interface"),
    "action.reboot": Text("重启设备", "restart devices"),
    "action.clock_change": Text("改变设备时钟", "change device clocks"),
    "action.record_delete": Text("试删录像", "try to delete recordings"),
    "police_link.test_mode": Text(
        "公安联网 {links} 为在用链路。接警单位是否已书面同意本次测试，并已将其置于测试状态？",
        "The link to the police {links} is in service. Has the receiving side agreed to this test in "
        "writing and put the link in test mode?",
    ),
    "police_link.confirmed_by": Text(
        "接警单位确认人姓名、单位及书面同意文号",
        "Name and unit of the person who confirmed it at the receiving side, and number of the agreement",
    ),
    "calibrate.wired": Text(
        "环回是否已按工程文件接好，各继电器是否已与系统的回路断开？",
        "Are the loops wired as the site file says, and all relays disconnected from the system?",
    ),
    "accept": Text(
        "{camera}：画面完好，作为验收参考画面（{light}）？",
        "{camera}: is the picture sound, and accepted as the reference picture ({light})?",
    ),
    "meter.reading": Text("{meter}：{question}", "{meter}: {question}"),
    "meter.judged_in": Text(
        "{meter}：{question}（按 {unit} 评定）", "{meter}: {question} (evaluated in {unit})"
    ),
    "meter.in_supply_lead": Text(
        "{instrument} 是否已串入 {device} 的供电回路？",
        "Is {instrument} connected in the supply lead of {device}?",
    ),
    # -- disturbances where the bench has no relay ----------------------------------------------------------
    "disturb.loop": Text(
        "请触发 {device} 的探测器（或断开其信号线），完成后确认。",
        "Please trigger the detector of {device} (or open its loop), and confirm when done.",
    ),
    "disturb.short": Text(
        "请短接 {device} 的信号线，完成后确认。",
        "Please short the signal line of {device}, and confirm when done.",
    ),
    "disturb.supply": Text(
        "请切断 {device} 探测器的电源线，完成后确认。",
        "Please cut the supply line of the detector of {device}, and confirm when done.",
    ),
    "disturb.tamper": Text(
        "请打开 {device} 探测器的外壳，完成后确认。",
        "Please open the housing of the detector of {device}, and confirm when done.",
    ),
    "disturb.mask": Text(
        "请遮挡 {device} 的探测器，完成后确认。",
        "Please mask the detector of {device}, and confirm when done.",
    ),
    "disturb.range": Text(
        "请缩小 {device} 探测器的探测范围，完成后确认。",
        "Please reduce the range of the detector of {device}, and confirm when done.",
    ),
    "disturb.lid": Text(
        "请打开 {device} 的主机机盖，完成后确认。", "Please open the lid of {device}, and confirm when done."
    ),
    "disturb.mains": Text(
        "请断开 {device} 的主电源，完成后确认。",
        "Please disconnect the mains supply of {device}, and confirm when done.",
    ),
    "disturb.battery": Text(
        "请断开 {device} 的备用电源，完成后确认。",
        "Please disconnect the standby battery of {device}, and confirm when done.",
    ),
    "disturb.battery_weak": Text(
        "请以可调电源代替 {device} 的备用电池，并调至说明书的欠压值，完成后确认。",
        "Please replace the standby battery of {device} by an adjustable supply, set it to the low-battery "
        "voltage of the manual, and confirm when done.",
    ),
    "restore.loop": Text(
        "请将 {device} 的探测器（或信号线）恢复原状，完成后确认。",
        "Please put the detector of {device} (or its loop) back to normal, and confirm when done.",
    ),
    "restore.short": Text(
        "请拆除 {device} 信号线的短接，完成后确认。",
        "Please remove the short of the signal line of {device}, and confirm when done.",
    ),
    "restore.supply": Text(
        "请恢复 {device} 探测器的电源线，完成后确认。",
        "Please reconnect the supply line of the detector of {device}, and confirm when done.",
    ),
    "restore.tamper": Text(
        "请合上 {device} 探测器的外壳，完成后确认。",
        "Please close the housing of the detector of {device}, and confirm when done.",
    ),
    "restore.mask": Text(
        "请移开 {device} 探测器的遮挡物，完成后确认。",
        "Please remove what masks the detector of {device}, and confirm when done.",
    ),
    "restore.range": Text(
        "请恢复 {device} 探测器的探测范围，完成后确认。",
        "Please restore the range of the detector of {device}, and confirm when done.",
    ),
    "restore.lid": Text(
        "请合上 {device} 的主机机盖，完成后确认。", "Please close the lid of {device}, and confirm when done."
    ),
    "restore.mains": Text(
        "请恢复 {device} 的主电源，完成后确认。",
        "Please reconnect the mains supply of {device}, and confirm when done.",
    ),
    "restore.battery": Text(
        "请恢复 {device} 的备用电源，完成后确认。",
        "Please reconnect the standby battery of {device}, and confirm when done.",
    ),
    "restore.battery_weak": Text(
        "请拆除可调电源，装回 {device} 的备用电池，完成后确认。",
        "Please remove the adjustable supply, reconnect the standby battery of {device}, and confirm "
        "when done.",
    ),
    # -- users of a panel -----------------------------------------------------------------------------------
    "rights.works.arm": Text("以「{role}」身份设防，是否生效？", "Set the system as {role}: does it work?"),
    "rights.works.disarm": Text(
        "以「{role}」身份撤防，是否生效？", "Unset the system as {role}: does it work?"
    ),
    "rights.works.bypass": Text(
        "以「{role}」身份旁路防区，是否生效？", "Isolate a zone as {role}: does it work?"
    ),
    "rights.logged": Text("该次被拒绝的操作是否有记录？", "Was the refused operation logged?"),
    "schedule": Text(
        "将时间表设在几分钟之内：到时是否自动设防，再到时是否自动撤防？",
        "Program the schedule for the next minutes: does the system set, and later unset, by itself?",
    ),
    "schedule_photo": Text(
        "时间表设置与主机其后的显示（照片或截图）",
        "The schedule as programmed and what the panel shows afterwards (photograph or screenshot)",
    ),
    "duress.unset_told": Text(
        "以胁迫码撤防后，中心是否收到胁迫报警？",
        "After unsetting with the duress code: did the centre receive the duress alarm?",
    ),
    "duress.silent": Text(
        "以胁迫码撤防后，现场是否没有任何声光提示？",
        "After unsetting with the duress code: was there no audible or visible sign on site?",
    ),
    "duress.told": Text("中心是否收到胁迫报警？", "Did the centre receive the duress alarm?"),
}

BENCH: Final[dict[str, Text]] = {**_TERMINAL, **_ASKED}
