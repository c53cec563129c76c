# SPDX-License-Identifier: Apache-2.0
"""Questions of the suites of intrusion alarm, alarm transmission and power supply."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

_INTRUSION: Final[dict[str, Text]] = {
    "radio.shielded": Text(
        "干扰源是否以传导方式接入，或与接收机一起置于屏蔽箱内？",
        "Is the interferer connected by cable, or in one shielded box with the receiver?",
    ),
    "radio.blocked": Text(
        "连续阻塞历时，不少于 {enough:g} s",
        "How long the channel was blocked without a break, at least {enough:g} s",
    ),
    "radio.fault": Text(
        "阻塞期间中心是否显示故障？", "Did the centre show a fault while the channel was blocked?"
    ),
    "radio.early": Text(
        "阻塞 {before:g} s 时是否已显示故障（仅记录）？",
        "Was the fault already shown after {before:g} s of blocking (for the record only)?",
    ),
    "radio.photo": Text("干扰接法与中心显示", "How the interferer is connected, and what the centre shows"),
    "radio.sent": Text("触发一次后收到的发射次数", "Number of transmissions received after one trigger"),
    "radio.at_once": Text("触发后是否立即发射？", "Was it sent at once when triggered?"),
    "radio.weak": Text("以欠压电源供电时是否报欠压？", "Is a low battery reported at low supply voltage?"),
    "radio.trace": Text("监测接收机的时间迹线", "Time trace of the monitoring receiver"),
    "log.edit": Text(
        "各角色（含管理软件）是否有任何一个能修改报警、操作或警情处理记录？",
        "Can any role (management software included) edit records of alarms, operations or responses?",
    ),
    "log.delete": Text(
        "各角色（含管理软件）是否有任何一个能删除记录？",
        "Can any role (management software included) delete records?",
    ),
    "log.set": Text("最早的设防记录距今", "Age of the oldest record of setting"),
    "log.unset": Text("最早的撤防记录距今", "Age of the oldest record of unsetting"),
    "log.fault": Text("最早的故障记录距今", "Age of the oldest record of a fault"),
    "log.alarm": Text("最早的报警记录距今", "Age of the oldest record of an alarm"),
    "log.photo": Text(
        "最早的设防、撤防、故障、报警记录", "The oldest records of setting, unsetting, fault and alarm"
    ),
    "outage": Text(
        "有据可查的最长一次全断电历时", "Length of the longest documented time without any power supply"
    ),
    "outage.reference": Text("该次断电的记录编号", "Number of the record of that power failure"),
    "outage.whole": Text(
        "断电之前的全部记录是否仍可调阅？", "Can all records from before the power failure still be read?"
    ),
    "siren.indoor.background": Text("室内警号不响时的本底", "Background level, indoor siren silent"),
    "siren.outdoor.background": Text("室外警号不响时的本底", "Background level, outdoor siren silent"),
    "siren.indoor.level": Text(
        "室内警号鸣响，正前方 1 m，第 {number} 次",
        "Indoor siren sounding, 1 m in front of it, reading {number}",
    ),
    "siren.outdoor.level": Text(
        "室外警号鸣响，正前方 1 m，第 {number} 次",
        "Outdoor siren sounding, 1 m in front of it, reading {number}",
    ),
    "class": Text("主机面板上该信号显示为哪一类？", "As which class does the panel show this signal?"),
    "class.alarm": Text("入侵", "intrusion"),
    "class.hold_up": Text("紧急", "hold-up"),
    "class.tamper": Text("防拆", "tamper"),
    "class.fault": Text("故障", "fault"),
    "class.none": Text("无显示", "not shown"),
    "mains.shown": Text(
        "主电源断电：主机是否有光指示？", "Mains supply cut: is it indicated by light at the panel?"
    ),
    "battery.shown": Text(
        "备用电源断开：主机是否有光指示？",
        "Standby battery disconnected: is it indicated by light at the panel?",
    ),
    "battery_weak.shown": Text(
        "备用电源欠压：主机是否有光指示？", "Standby battery low: is it indicated by light at the panel?"
    ),
    "mains.heard": Text("主电源断电：主机是否发出声响？", "Mains supply cut: does the panel sound?"),
    "battery.heard": Text(
        "备用电源断开：主机是否发出声响？", "Standby battery disconnected: does the panel sound?"
    ),
    "battery_weak.heard": Text(
        "备用电源欠压：主机是否发出声响？", "Standby battery low: does the panel sound?"
    ),
    "fault_stays": Text(
        "故障排除后、复位前，指示是否保持？",
        "Does the indication stay after the fault is put right and before the panel is reset?",
    ),
    "charging_current": Text(
        "放电后恢复主电源，电池回路的充电电流",
        "Charging current in the battery circuit, mains restored after a discharge",
    ),
    "walk.passes": Text("按步行方案走过的次数", "Number of passes walked by the walk plan"),
    "walk.hits": Text("其中报警的次数", "Number of these passes that raised the alarm"),
    "walk.plan": Text(
        "步行方案（标注每条路线与方向）", "The walk plan, with every line and its direction marked"
    ),
    "walk.distance": Text(
        "步行至报警的距离，第 {number} 次", "Distance walked to the alarm, reading {number}"
    ),
    "perimeter.length": Text("该独立防区的周界长度", "Length of the perimeter that this zone guards"),
    "perimeter.photo": Text("防区两端", "Both ends of the zone"),
    "fence.energy": Text("单脉冲能量，第 {number} 次", "Energy of one pulse, reading {number}"),
    "hold_up.zones": Text(
        "现场独立的紧急报警防区数（点位表所列：{listed}；逐个触发核对）",
        "Number of zones on site that hold-up devices have to themselves (inventory: {listed}; trigger each)",
    ),
    "hold_up.none_listed": Text("无", "none"),
    "hold_up.devices": Text("接在该防区的紧急报警装置数", "Number of hold-up devices wired to this zone"),
    "lid.shown": Text(
        "机盖打开后，主机是否发出防拆报警？", "Lid opened: does the panel raise a tamper alarm?"
    ),
    "lid.photo": Text("打开的机盖与主机指示", "The open lid and what the panel indicates"),
}

_TRANSMISSION: Final[dict[str, Text]] = {
    "window": Text(
        "与建设单位约定的核查时段及扫描范围；未约定扫描的写明",
        "Time and scope of the scan as agreed with the client; say so if no scan was agreed",
    ),
    "border": Text(
        "跨网边界是否有防护措施（防火墙、网闸等）并已启用？",
        "Is the border to other networks protected (firewall, gap device), and is the protection enabled?",
    ),
    "passwords": Text(
        "逐台核对：是否没有缺省口令、空口令和弱口令？",
        "Checked one by one: are there no default, empty or weak passwords?",
    ),
    "flaws": Text(
        "在约定时段内核查：是否没有发现已公布且未修补的漏洞？",
        "Checked in the agreed time: was no published and unpatched vulnerability found?",
    ),
    "accounts": Text("帐号清单编号或存放处", "Number or place of the list of accounts"),
    "evidence": Text(
        "边界设备配置或核查记录的照片、扫描件",
        "Photograph or scan of the border device's configuration or of the record of the check",
    ),
    "drawing": Text("网络拓扑图编号", "Number of the drawing of the network"),
    "traced": Text(
        "沿线路核查：交换机和链路是否只承载安防系统（VLAN 标识不作为依据）？",
        "Traced along the cable: do switches and links carry the security system only (a VLAN is no proof)?",
    ),
    "traced_photo": Text(
        "现场交换机与链路标识的照片", "Photograph of the switches and of the labels of the links"
    ),
    "agreed": Text(
        "接警单位是否已书面同意本次测试并处于测试状态？",
        "Has the receiving side agreed to this test in writing, and is it in test mode?",
    ),
    "received": Text(
        "接警单位是否确认收到了本次测试报警？",
        "Does the receiving side confirm that it received the test alarm?",
    ),
    "receiver": Text("接警人姓名与单位", "Name and unit of the person who received it"),
    "verified": Text(
        "测试报警后，值机员是否主动向公安机关核实已收到？",
        "After the test alarm: did the operator on duty ask the police whether it had arrived?",
    ),
    "logged": Text(
        "值机记录中是否写明核实的时间和对方姓名？",
        "Does the duty log state when this was asked and who answered?",
    ),
    "duty": Text(
        "值机员姓名，公安机关应答人姓名与单位，记录页次",
        "Name of the operator on duty, name and unit of who answered at the police, page of the log",
    ),
    "designed": Text(
        "设计文件写明的报警传输系统类别（SP1–SP6、DP1–DP4）",
        "Category of the alarm transmission system in the design document (SP1–SP6, DP1–DP4)",
    ),
    "document": Text("设计文件编号及页次", "Number and page of the design document"),
    "paths": Text(
        "现场所见的传输路径（逐条写明方式与运营商）",
        "Transmission paths found on site, each with its technology and provider",
    ),
    "quiet": Text(
        "轮询期间接警中心是否未报该帐号失联？",
        "While polling went on: did the centre report no loss of this account?",
    ),
    "lost": Text(
        "现已静默 {silence:g} s：接警中心是否已报该帐号失联？",
        "Silent for {silence:g} s now: has the centre reported the loss of this account?",
    ),
    "back": Text(
        "重新发送后，接警中心是否显示该帐号恢复？",
        "Sent again: does the centre show that this account is back?",
    ),
    "right_camera": Text(
        "报警时监视器显示的是否为 {camera} 的画面？",
        "Did the monitor show the picture of {camera} when the alarm came?",
    ),
}

_SUPPLY: Final[dict[str, Text]] = {
    "full_load": Text(
        "系统满载且备用电源充电时的功率", "Power at full load while the standby battery is being charged"
    ),
    "charging.counted": Text(
        "设计文件的主电源负荷是否计入了备用电源的充电功率？",
        "Does the load of the mains in the design document include the charging of the standby battery?",
    ),
    "charging.reference": Text("负荷计算书编号或页码", "Number or page of the load calculation"),
    "voltage": Text("稳态电压，第 {number} 次", "Steady voltage, reading {number}"),
    "frequency": Text("频率，第 {number} 次", "Frequency, reading {number}"),
    "distortion": Text(
        "电压波形畸变率，第 {number} 次", "Harmonic distortion of the voltage, reading {number}"
    ),
    "interruption": Text("切换时的断电时间，第 {number} 次", "Interruption at switch-over, reading {number}"),
}

ALARM: Final[dict[str, Text]] = {**_INTRUSION, **_TRANSMISSION, **_SUPPLY}
