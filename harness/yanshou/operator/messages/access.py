# SPDX-License-Identifier: Apache-2.0
"""Questions of the suites of access control."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

ACCESS: Final[dict[str, Text]] = {
    "card.present": Text("请在 {door} 的识读装置出示{card}", "Please present {card} at the reader of {door}"),
    "card.authorised": Text("有权凭证", "a credential that may pass"),
    "card.unauthorised": Text("无权凭证", "a credential that may not pass"),
    "card.duress": Text("胁迫凭证", "the duress credential"),
    "card.payment": Text("仅有消费权限的卡", "a card with payment rights alone"),
    "card.approval": Text("须经核准的凭证", "a credential that needs approval"),
    "console.duress": Text(
        "{door} 使用胁迫凭证时，监控台是否显示胁迫并指明该门？",
        "With the duress credential at {door}: did the console show duress, and which door?",
    ),
    "codes.possible": Text(
        "系统设置中可用的密码数（如 6 位数字为 1000000）",
        "Number of codes that the settings permit (six digits: 1000000)",
    ),
    "codes.allotted": Text("该出入口已分配的密码数", "Number of codes that are allotted at this door"),
    "codes.photo": Text(
        "密码位数设置与用户数的界面", "The screen with the length of the codes and the number of users"
    ),
    "link.told": Text(
        "{controller} 通信已中断，中心是否报警？",
        "The link to {controller} is cut: does the centre alarm?",
    ),
    "alarm.buzzer": Text("中心是否有声报警？", "Is the alarm heard at the centre?"),
    "alarm.lamp": Text("中心是否有光报警？", "Is the alarm seen at the centre?"),
    "record.who": Text(
        "导出的记录是否写明目标（人员或凭证）？", "Does the exported record name the person or credential?"
    ),
    "record.where": Text("导出的记录是否写明位置（出入口）？", "Does the exported record name the door?"),
    "record.when": Text(
        "导出的记录是否写明时间（年四位，至秒）？",
        "Does the exported record give the time, the year in four digits, to the second?",
    ),
    "record.what": Text(
        "导出的记录是否写明行为（准许、拒绝、报警）？",
        "Does the exported record say what happened (granted, denied, alarm)?",
    ),
    "record.reference": Text("导出文件或表的名称", "Name of the exported file or table"),
    "record.photo": Text("导出的记录", "The exported record"),
    "access_log.off": Text(
        "控制器断电的时间（年-月-日 时:分）",
        "When the controller lost its power (year-month-day hour:minute)",
    ),
    "access_log.on": Text(
        "控制器恢复供电的时间（年-月-日 时:分）",
        "When the controller had its power again (year-month-day hour:minute)",
    ),
    "access_log.whole": Text(
        "自 {off} 断电、{on} 恢复供电后，断电前的全部记录是否仍可读出？",
        "Without power from {off} to {on}: can all records from before still be read?",
    ),
    "access_log.evidence": Text(
        "断电前后的记录清单", "The lists of the records before and after the time without power"
    ),
    "lock.current": Text(
        "断开市电、门锁锁闭时备用电源的输出电流，第 {number} 次",
        "Current from the standby supply without mains, the lock locked, reading {number}",
    ),
    "lock_cable.closed": Text(
        "{door} 受控区外的执行部分线缆是否全程封闭（管、槽或墙内）？",
        "{door}: is the lock's cable outside the protected area closed in along its whole way?",
    ),
    "lock_cable.joint": Text(
        "{door} 受控区外是否有可触及的接头、接线端子或锁具电源？",
        "{door}: can a joint, a terminal or the lock's supply be reached from outside the protected area?",
    ),
    "lock_cable.photo": Text(
        "{door} 受控区外的线缆走向", "{door}: the way of the cable outside the protected area"
    ),
    "barrier.stops": Text(
        "{barrier}：落杆时以泡沫体阻挡，挡杆是否停止或回升？",
        "{barrier}: the arm comes down on a foam body; does it stop or go up again?",
    ),
    "barrier.by_hand": Text(
        "{barrier}：断开电源后能否人工开启？", "{barrier}: can it be opened by hand with its power off?"
    ),
    "barrier.film": Text("{barrier} 两项试验的录像或照片", "{barrier}: a film or photograph of both trials"),
    "patrol.skipped": Text(
        "在线巡查漏过一个点位时，中心是否及时报警？",
        "One point of the on-line patrol was left out: did the centre alarm at once?",
    ),
    "patrol.late": Text(
        "在线巡查晚到一个点位时，中心是否及时报警？",
        "A point of the on-line patrol was reached late: did the centre alarm at once?",
    ),
    "patrol.plan": Text("所用巡查方案的名称", "Name of the patrol plan that was used"),
    "patrol.record": Text("巡查报警的记录", "The record of these patrol alarms"),
    "frames.copy": Text(
        "试验是否在实验室的同型副本上进行？", "Is the trial done on a copy of this system in the laboratory?"
    ),
    "frames.replayed": Text(
        "重放先前录制的报文，门锁或中心是否有动作？",
        "A frame that was recorded before is sent again: does the lock or the centre act on it?",
    ),
    "frames.altered": Text(
        "改动途中的报文，门锁或中心是否按改动后的内容动作？",
        "A frame is changed on its way: does the lock or the centre act on what it became?",
    ),
    "frames.default_key": Text(
        "识读装置是否仍使用出厂默认密钥，或控制器自行改换密钥？",
        "Does a reader still use its default key, or does the controller change keys by itself?",
    ),
    "frames.reference": Text("试验记录的编号", "Number of the record of this trial"),
    "frames.record": Text("录制与重放的记录", "The record of what was recorded and sent again"),
    "face.threshold": Text(
        "设备的比对阈值设置（对应的误识率）", "The threshold set at the device, and its false acceptance rate"
    ),
    "face.tries": Text(
        "已注册人员识别的总次数；无一拒绝时至少须 {needed} 次，有拒绝时须更多",
        "Number of tries by enrolled persons; at least {needed} if none is refused, more if some are",
    ),
    "face.refused": Text("{tries} 次中被拒绝的次数", "How many of the {tries} were refused"),
    "face.tally": Text("逐次记录的计数表", "The tally of all tries"),
    "face.time": Text(
        "录像逐帧：自人脸到位至给出结果的时间，第 {number} 次",
        "By the frames of the film: from the face in place to the decision, presentation {number}",
    ),
    "face.film": Text("识别过程的录像或逐帧照片", "The film of the presentations, or its frames"),
    "face.nearest": Text(
        "每步靠近 {step} m，仍能识别的最近距离，第 {number} 次",
        "Coming nearer by {step} m each time: the nearest distance with recognition, walk {number}",
    ),
    "face.farthest": Text(
        "每步后退 {step} m，仍能识别的最远距离，第 {number} 次",
        "Going back by {step} m each time: the farthest distance with recognition, walk {number}",
    ),
}
