# SPDX-License-Identifier: Apache-2.0
"""Questions of the suite of security inspection: radiation, belts, test bodies, gates, what stands there."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

_RADIATION: Final[dict[str, Text]] = {
    "dose_rate": Text("第 {number} 次读数", "Reading {number}"),
    "dose.background": Text(
        "射线关闭，剂量计置于通道内，与一组通过同样长的时间内累积的本底剂量（显示为零则填 0）",
        "Beam off, dosimeter in the tunnel, as long as one series: the background dose it collects "
        "(0 if it shows none)",
    ),
    "dose.passes": Text(
        "第 {number} 组：剂量计清零后随输送带通过通道的次数",
        "Series {number}: how often the dosimeter passed the tunnel on the belt after it was set to zero",
    ),
    "dose.total": Text(
        "第 {number} 组：剂量计累积读数", "Series {number}: what the dosimeter collected in all"
    ),
    "leak.background": Text("射线关闭，设备旁的本底读数", "Beam off: the background beside the equipment"),
    "leak.beam_on": Text(
        "通道内已置散射体，射线已开启，并保持到各位置测完？",
        "A scatter body is in the tunnel, and the beam is on and stays on until all places are measured?",
    ),
    "leak.reached": Text(
        "能否把仪器置于距外表面 5 cm 处：{place}？", "Can the meter be held 5 cm from the surface: {place}?"
    ),
    "leak.rate": Text(
        "{place}，距外表面 5 cm 处的最大读数", "{place}: largest reading 5 cm from the surface"
    ),
    "leak.place.entry": Text("入口", "entry"),
    "leak.place.exit": Text("出口", "exit"),
    "leak.place.left": Text("左侧面", "left side"),
    "leak.place.right": Text("右侧面", "right side"),
    "leak.place.top": Text("顶面", "top"),
    "leak.place.bottom": Text("底面", "bottom"),
}

_BELT: Final[dict[str, Text]] = {
    "belt.loaded": Text(
        "输送带已按规定加载并正常运行？", "Is the belt loaded as the standard says, and running as in use?"
    ),
    "belt.length": Text("机架上两标记之间的长度", "Length between the two marks on the frame"),
    "belt.time": Text(
        "第 {number} 次：带上标记走过该长度的时间",
        "Time {number} in which a mark on the belt runs that length",
    ),
    "belt.edge": Text(
        "{end}：输送带边缘至机架的距离", "{end}: distance from the edge of the belt to the frame"
    ),
    "belt.end.entry": Text("入口端", "entry end"),
    "belt.end.exit": Text("出口端", "exit end"),
    "belt.run.forward": Text(
        "输送带已正转 10 min 并停止？", "Has the belt run forward for 10 min and stopped?"
    ),
    "belt.run.reverse": Text(
        "输送带已反转 30 s 并停止？", "Has the belt run in reverse for 30 s and stopped?"
    ),
    "belt.ran": Text("实际运行时间（秒表）", "How long it ran, by the stopwatch"),
}

_PRESENT: Final[dict[str, Text]] = {
    "body.serial": Text("测试体上标注的出厂编号", "Serial number on the test body"),
    "body.certificate": Text("所出示校准证书的编号", "Number of the calibration certificate that is shown"),
    "body.due": Text("该证书的有效期至（年-月-日）", "Until when that certificate is valid (year-month-day)"),
    "body.page": Text(
        "校准证书首页与测试体铭牌的照片",
        "Photograph of the certificate's first page with the label of the body",
    ),
    "privacy.hidden": Text(
        "输出图像是否不显示人体细节和面部（以检测人员受检的图像判断）？",
        "Does the output picture hide the details of body and face (judged on a picture of the test crew)?",
    ),
    "privacy.kept": Text(
        "无权限的用户是否不能调看、保存、导出图像（逐项试过）？",
        "Can a user without the right neither view, keep nor export pictures (each was tried)?",
    ),
    "privacy.apart": Text(
        "判图人员是否看不到受检人本人？", "Is the person who judges pictures unable to see the one inspected?"
    ),
    "privacy.photo": Text(
        "输出图像的画面（检测人员受检）", "The output picture on the screen (of the test crew)"
    ),
    "explosive.which": Text(
        "防爆处置设施的名称、编号和位置（如防爆罐、防爆毯）",
        "Name, number and place of the equipment against explosives (containment vessel, blanket …)",
    ),
    "explosive.present": Text(
        "安检点现场是否有防爆处置设施，且各安检点均有？",
        "Is equipment against explosives present, at each of the inspection points?",
    ),
    "explosive.usable": Text(
        "其外观完好、在有效期内、取用无阻挡？", "Is it undamaged, within its date, and free to be taken?"
    ),
    "explosive.keeper": Text("该设施的责任人姓名", "Name of the person who answers for it"),
    "explosive.photo": Text("防爆处置设施现场照片", "Photograph of the equipment where it stands"),
}

_DETECTION: Final[dict[str, Text]] = {
    "gate.settings": Text(
        "探测门的程序、灵敏度和所在环境（检验前读取，检验中不改）",
        "Program and sensitivity of the gate and what stands around it (read before; not changed meanwhile)",
    ),
    "gate.cell": Text(
        "测试物 {mark}，位置 {position}，姿态 {posture}：报警次数/通过次数（等级要求 {passes} 次），未做填 -",
        "Object {mark}, position {position}, posture {posture}: alarms/passes (the class asks for {passes}); "
        "- if not done",
    ),
    "gate.blank": Text(
        "不携带金属通过：报警次数/通过次数（等级要求 {blanks} 次），未做填 -",
        "Passes without metal: alarms/passes (the class asks for {blanks}); - if not done",
    ),
    "gate.clean": Text(
        "第 {number} 次：检测人员不携带金属通过探测门，已通过？",
        "Pass {number}: has somebody of the test crew passed the gate without any metal?",
    ),
    "hand.settings": Text(
        "手持探测器的型号、灵敏度档位和电池状态", "Model, sensitivity and battery of the hand-held detector"
    ),
    "hand.distance": Text(
        "测试物 {mark}：探测面至测试物的距离（等级要求 {asked:g} mm）",
        "Object {mark}: distance from the detector's face to the object (the class asks for {asked:g} mm)",
    ),
    "hand.cell": Text(
        "测试物 {mark} 在该距离：报警次数/扫过次数（等级要求 {passes} 次），未做填 -",
        "Object {mark} at this distance: alarms/sweeps (the class asks for {passes}); - if not done",
    ),
    "hand.blank": Text(
        "无测试物扫过：报警次数/扫过次数（等级要求 {blanks} 次），未做填 -",
        "Sweeps without an object: alarms/sweeps (the class asks for {blanks}); - if not done",
    ),
}

_IMAGE: Final[dict[str, Text]] = {
    "image.serial": Text(
        "导出图像或其记录上标注的设备编号（无标注填“无”）",
        "Serial number of the equipment as the exported picture or its record states it (“none” without one)",
    ),
    "image.seen": Text(
        "位置 {position}：评分人在显示器上看到的项目，逗号分隔（应评：{objects}；一项未见填 0，未检填 -）",
        "Position {position}: what the assessor sees on the monitor, by commas (to be scored: {objects}; "
        "0 for nothing, - if not done)",
    ),
    "image.picture": Text(
        "位置 {position}：从设备导出的测试体图像文件",
        "Position {position}: the picture of the body, as the equipment exported it",
    ),
    "image.corners": Text(
        "位置 {position}：测试体四角在导出图像中的像素坐标，依次左上、右上、右下、左下，"
        "如 12,30 410,31 409,280 11,279",
        "Position {position}: the corners of the body in the exported picture in px: upper left, upper right,"
        " lower right, lower left, such as 12,30 410,31 409,280 11,279",
    ),
    "image.assessor": Text("评分人姓名", "Name of the assessor"),
    "image.sheet": Text("评分人签名的记录表（附录 C）照片", "Photograph of the signed score sheet (Annex C)"),
}

INSPECTION: Final[dict[str, Text]] = {**_RADIATION, **_BELT, **_DETECTION, **_IMAGE, **_PRESENT}
