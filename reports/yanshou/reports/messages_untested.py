# SPDX-License-Identifier: Apache-2.0
r"""Why something could not be tested, and what an evaluation says of its own figure, in English.

Patterns as in ``messages_deviations``: ``\\1`` is what the sentence took from the site or a device.
"""

from __future__ import annotations

from typing import Final

UNTESTED: Final = (
    # wiring, instruments and papers
    (r"检测台未接线 (.+)", "not wired to the bench: \\1"),
    (r"没有见到任何凭据", "no proof of any kind was seen"),
    (r"没有见到维护记录", "no records of maintenance were seen"),
    (r"台账中没有仪器", "the register has no instruments"),
    (r"本方案没有抽样", "nothing is sampled in this plan"),
    (r"备案回执未在现场出示", "the receipt of the filing was not shown on site"),
    (r"附近没有军事、涉密单位", "there are no military or classified units nearby"),
    (r"维护记录中没有故障", "the records of maintenance have no faults"),
    (r"不属于新建、改建、扩建工程", "neither new works nor an alteration or extension"),
    (r"该设计方案按规定不须论证：(.+)", "this design needs no review by the rules: \\1"),
    (
        r"登记簿中没有公民查看的登记，不能据此判定",
        "the register has no viewing by a citizen, so nothing can be judged by it",
    ),
    (
        r"没有见到加大抽样的约定：条文用“可”，仅在有约定时判定",
        (
            "no agreement on a larger sample was seen: the clause allows it, and is judged only where "
            "it was agreed"
        ),
    ),
    (
        r"尚未交付：检验、验收合格后方可交付，本项待交付时核对",
        "not handed over yet: to be checked at the hand-over, which follows inspection and acceptance",
    ),
    (r"同一网络日志来源写了两次", "the same source of network logs was given twice"),
    (r"测点“(.+)”写了两次", "measuring point “\\1” was given twice"),
    (r"工作面“(.+)”写了两次", "working surface “\\1” was given twice"),
    (
        r"工程文件未说明本类场所应有的系统（required_systems）",
        "the site file does not say which systems a place of this kind needs",
    ),
    (r"值守区与设备区未分离", "duty area and equipment area are not apart"),
    (r"点位表未给出该电源的额定容量（rated_w）", "the inventory states no rated power of this supply"),
    (
        r"点位表没有型号，不能与型式检验证书核对",
        "the inventory states no model to hold against the certificate",
    ),
    (
        r"没有见到型式检验证书：该项须由型式检验实验室检测",
        "no type certificate was seen: this is for a laboratory of type tests",
    ),
    (
        r"型式检验证书 (.+) 的型号为 (.+)，点位表为 (.+)",
        "type certificate \\1 is of model \\2, the inventory says \\3",
    ),
    (r"(.+) 不是日历中的时间", "\\1 is no time of the calendar"),
    (
        r"断电 (.+)、恢复供电 (.+)：先后不对或在将来",
        "off at \\1, on at \\2: in the wrong order, or in the future",
    ),
    (r"报警次数 (\d+) 多于步行次数 (\d+)", "\\1 alarms are more than \\2 walks"),
    (r"报警次数多于试验次数：(.+)", "more alarms than trials: \\1"),
    (r"各位置均未能测量", "no position could be measured"),
    # access control
    (
        r"中心的事件记录不能由检测台读取（设备描述文件无 event_record）",
        "the bench cannot read the records of the centre (the device profile has no way to)",
    ),
    (
        r"通信中断期间事件仍到达中心：检测台的 link 没有切断通信",
        "events reached the centre while the connection was cut: the bench did not cut it",
    ),
    (
        r"检测台未接入任何识读装置或门磁，不能产生事件",
        "no reader and no door contact is wired to the bench: it cannot make events",
    ),
    (r"检测台没有胁迫凭证（凭证注入器属性 duress）", "the bench has no duress credential"),
    (
        r"首次进入未正常放行，第二次无从检测",
        "the first entry was not let through: the second cannot be tried",
    ),
    (
        r"检测台不能发出中心的开启命令：设备描述文件无 unlock，也未接继电器 command",
        "the bench cannot give the centre's command to open: neither the profile nor a relay has it",
    ),
    (
        r"检测台没有须核准的凭证（approval），或不能发出核准（approve）",
        "the bench has no credential that needs an approval, or cannot give the approval",
    ),
    (
        r"检测台不能发出开放、封锁命令（设备描述文件无 hold_open、block）",
        "the bench cannot give the commands to hold open and to block (the device profile has none)",
    ),
    (
        r"再次进入前控制器已显示拒绝：是否为本次所记无从判断",
        "the controller showed a refusal before the second entry: whether it records this one cannot be told",
    ),
    (r"试验前已显示通信中断", "a lost connection was shown before the test"),
    (
        r"检测台未接入任何门磁，不能触发报警",
        "no door contact is wired to the bench: it cannot raise an alarm",
    ),
    (r"检测台未接入任何门磁，不能触发输入", "no door contact is wired to the bench: it cannot work an input"),
    (r"试验前已有(.+)提示", "there was an indication before the test (\\1)"),
    (r"声", "sound"),
    (r"光", "light"),
    (
        r"点位表注明该门的时间可以设定（fixed_times = false）",
        "the inventory says that the times of this door can be set",
    ),
    (
        r"有权凭证未释放门锁，不能正常开门",
        "a credential with the right did not release the lock: the door cannot be opened",
    ),
    (
        r"有权凭证未释放门锁，释放时间无从计起",
        "a credential with the right did not release the lock: there is no release to time",
    ),
    (
        r"检测台没有仅有消费权限的卡（凭证注入器属性 payment）",
        "the bench has no card with the right of payment alone",
    ),
    (
        r"有权凭证未释放门锁：凭证是否到达识读装置无从证实",
        "a credential with the right did not release the lock: whether any reached the reader is not shown",
    ),
    (
        r"其后有权凭证也未释放门锁：识读装置可能已锁定，其间各次未被识读",
        (
            "nor did a credential with the right afterwards: the reader may have been blocked and "
            "read none of them"
        ),
    ),
    (r"断开市电前门锁已处于释放状态", "the lock was released before the mains were cut"),
    (r"试验前门锁已处于释放状态", "the lock was released before the test"),
    (
        r"点位表未给出该锁备用电源的容量（battery_ah）",
        "the inventory states no capacity of the standby supply of this lock",
    ),
    (
        r"检测台不能切断该锁的市电（接线 mains），以人工断电另行检测",
        "the bench cannot cut the mains of this lock: a person cuts them, as a test of its own",
    ),
    (r"试验前已显示识读装置(.+)", "shown of the reader before the test: \\1"),
    (r"防拆", "tamper"),
    (r"故障", "fault"),
    (
        r"点位表未给出开门超时时间（held_after_s）",
        "the inventory states no time after which an open door alarms",
    ),
    (r"检测台未接入该控制器的任何门锁", "no lock of this controller is wired to the bench"),
    (
        r"录制与重放只在实验室的同型副本上进行",
        "recording and replay are done on a copy in the laboratory only",
    ),
    # intrusion and alarm transmission
    (
        r"出入口延时防区：报警由进入延时决定，以进入延时另行检测",
        "an entry zone: its alarm follows the entry delay, which is a test of its own",
    ),
    (r"不是防区报警联动视频的一对", "not a pair of a zone's alarm and video"),
    (r"可同时触发的防区不足 2 个", "fewer than 2 zones can be triggered together"),
    (r"没有可先行触发的其他防区", "there is no other zone that could be triggered first"),
    (r"检测台不能产生以下类别的信号：(.+)", "the bench cannot make signals of these classes: \\1"),
    (
        r"检测台无部件替换继电器，或主机接口不显示替换，替换时间不能测",
        "the bench has no relay to replace a part, or the interface does not show it: not timed",
    ),
    (
        r"主机接口不能读取记录，容量须以说明书和人工计数另行确认",
        "the log cannot be read over the interface: its size is for the manual and a person who counts",
    ),
    (
        r"主机接口不显示主电源故障，自动切换须以人工观察",
        "the interface shows no fault of the mains: a person has to watch the change-over",
    ),
    (r"干扰未在传导或屏蔽条件下进行，不得实施", "interference is allowed by cable or under a screen only"),
    (r"检测台不能产生任何一种应阻止设防的状态", "the bench can make no state that should prevent setting"),
    (
        r"没有任何异常时主机也不能设防，无从判断",
        "the panel cannot be set with nothing wrong, either: nothing can be told",
    ),
    (
        r"点位表中没有接入检测台的出入口延时防区（type=entry）",
        "no entry zone of the inventory is wired to the bench",
    ),
    (
        r"没有出入口延时防区，或检测台未接主机的远传触点（notify）",
        "there is no entry zone, or the panel's contact for transmission is not wired to the bench",
    ),
    (r"进入延时结束后未报警，无从计时", "no alarm after the entry delay: there is nothing to time"),
    (r"等待时间内未见远传，无从计时", "no transmission within the wait: there is nothing to time"),
    (
        r"检测台未接警号输出（siren），或没有可触发的普通防区",
        "the siren's output is not wired to the bench, or no ordinary zone can be triggered",
    ),
    (r"报警时警号未鸣响，无从计时", "the siren did not sound at the alarm: there is nothing to time"),
    (
        r"警号在复位前持续鸣响，(\S+) s 内未停",
        "the siren sounded until the reset and did not stop within \\1 s",
    ),
    (r"该主机没有(.+)警号", "this panel has no such siren (\\1)"),
    (r"室内", "indoor"),
    (r"室外", "outdoor"),
    (r"没有可触发的普通防区，警号不能鸣响", "no ordinary zone can be triggered to make the siren sound"),
    (r"该链路只有一条路径", "this link has one path only"),
    (
        r"主机接口不提供通信故障指示；请由人工核查",
        "the interface does not show faults of communication: for a person to check",
    ),
    (
        r"通路恢复后故障指示未消失，无法再次阻断",
        "the fault was shown still after the path was back: it cannot be blocked again",
    ),
    (
        r"只阻断了 (\S+) s，未见故障指示；须阻断 (\S+) s",
        "blocked for \\1 s only, no fault was shown; \\2 s are needed",
    ),
    (
        r"接警单位未同意测试，未触发报警",
        "the receiving unit did not agree to the test: no alarm was triggered",
    ),
    (
        r"该帐号为明文，时间窗只对加密报文有效；请在工程文件给出密钥",
        (
            "this account is in clear, and the window of time is for encrypted messages: give the key "
            "in the site file"
        ),
    ),
    (
        r"当前时间的报文未获确认，无从试验时间窗：请核对帐号、密钥与线路",
        "a message of the present time was not acknowledged: check account, key and line",
    ),
    (
        r"设防、撤防时未收到主机的事件报文，无从试验(校时)?重发",
        "no message came when the panel was set and unset: sending again cannot be tried",
    ),
    (
        r"主机把已获确认的报文再次送来，重发与有无应答无关，无从判断",
        "acknowledged messages come again as well: what came again says nothing of a missing answer",
    ),
    (
        r"只观察了 (\S+) s，不足一个失联时限 (\S+) s",
        "watched for \\1 s, shorter than the \\2 s after which a loss is told",
    ),
    # integration
    (r"联动目标在触发前已在动作，无法判断", "the target acted before the stimulus: nothing can be told"),
    (r"未出示布控车牌 (.+) 时平台已报出该车牌", "the platform reported plate \\1 with no plate in view"),
    (r"蜂鸣器在无故障时已鸣响，声指示无从判断", "the buzzer sounds without any trouble"),
    (r"(?:阻断前|通路未阻断时)主机[已也]指示通信故障", "a fault of the way is shown with nothing blocked"),
    (r"路径 (\S+) 未切断时主机也报其故障", "the panel reports a fault of path \\1 with nothing cut"),
    (r"切断前主机已报路径 (\S+) 故障，未报恢复", "a fault of path \\1 stood at the panel before it was cut"),
    (
        r"联动矩阵没有以该平台为源、检测台可观察的命令",
        "the linkage matrix has no command of this platform that the bench can observe",
    ),
    (r"检测台未接入任何子系统", "no subsystem is wired to the bench"),
    (r"平台停止前已不工作：(.+)", "not working before the platform was stopped: \\1"),
    (r"点位表未给出布控车牌（wanted_plate）", "the inventory states no wanted plate"),
    (r"点位表未给出平台的接口清单（interfaces）", "the inventory has no list of the platform's interfaces"),
    (r"本次检测未经以下接口得出结果：(.+)", "this run gave no result through the interfaces \\1"),
    (
        r"命令的目标在下达前已在动作，无法计时",
        "the target acted before the command: there is nothing to time",
    ),
    # security inspection
    (r"点位表未给出标称等级（class）", "the inventory states no class"),
    (
        r"等级 (.+) 的要求未见：须由实验室按纸本写入补充文件的 \[\[class\]\]",
        (
            "what class \\1 asks for is not known: the laboratory enters it in its overlay from the "
            "printed standard"
        ),
    ),
    (r"实验室写明的等级 (.+) 缺少 (.+)", "the laboratory's entry of class \\1 lacks \\2"),
    (r"位置 (.+) 的评分有未知项目：(.+)", "the scores of position \\1 have unknown items: \\2"),
    # video
    (
        r"点位表注明该摄像机前未布置图卡（chart = none）",
        "the inventory says that no test chart stands before this camera",
    ),
    (r"未调到低照度", "low light was not reached"),
    (r"图卡未置于该摄像机前", "the test chart was not put before this camera"),
    (
        r"视野内没有可计时的光变化（发光二极管或屏幕时间码）",
        "no change of light that can be timed is in view (a LED or a time code on a screen)",
    ),
    (r"参考序列未送入编码器的视频输入", "the reference sequence was not fed to the encoder's video input"),
    (r"没有可解码的画面", "no picture could be decoded"),
    (r"码流的参数集没有可读的档次", "the parameter sets of the stream have no legible profile"),
    (
        r"摄像机未与检测电脑直连，只能得到含网络的延迟",
        "the camera is not connected to the computer directly: the delay would include the network",
    ),
    (r"检测电脑未接在上级监控中心", "the computer is not connected at the upper monitoring centre"),
    (
        r"对端已同步：用对端的单向时延测试工具（TWAMP 等）测量并另附记录，本用例只会估算",
        "the far end is synchronised: measure by its tool for one-way delay; this test only estimates",
    ),
    (
        r"测试不是持续 60 s 以上的单条流，不能代表一路视频可用的带宽",
        "the test was no single stream of 60 s or more and does not stand for the bandwidth of one video",
    ),
    (r"现场没有可接入的摄像机", "there is no camera on site that can be connected"),
    (r"本方案没有用综合测试卡测量的摄像机", "this plan has no camera that is measured by the test chart"),
    (r"系统仅有 (\d+) 个点位，已全部测量", "the system has \\1 points only, all of them were measured"),
    (
        r"系统仅有 (\d+) 个点位，已测 (\d+) 个，未全部测量",
        "the system has \\1 points only, \\2 of them were measured",
    ),
    # GB/T 28181
    (r"经 (.+) 接入，不自行注册；由 (.+) 检测", "behind \\1, does not register itself; tested at \\2"),
    (
        r"工程文件没有其下摄像机的通道编码，无从(?:点播|检索录像|改变其目录)",
        "the site file has no channel code of a camera behind it",
    ),
    (
        r"工程文件没有 (.+) 等 (\d+) 台摄像机的通道编码",
        "the site file has no channel code of \\1 (\\2 cameras)",
    ),
    (
        r"状态应答没有可读的设备时间（DeviceTime）",
        "the answer on the state has no legible time of the device",
    ),
    (r"设备未重新注册，无法给出新的 Date", "the device did not register again: no new Date could be given"),
    (r"设备未重新注册，无法给出 302", "the device did not register again: no 302 could be given"),
    (
        r"现场另设心跳间隔 (\S+) s，不按缺省值评价",
        "the site has an interval of \\1 s of its own: not judged by the default",
    ),
    (
        r"现场另设注册有效期 (\S+) s，不按缺省值评价",
        "the site has a registration of \\1 s of its own: not judged by the default",
    ),
    (
        r"设备重新注册可能是有效期内的续注册，不能归因于心跳超时；请在注册后不久再测",
        (
            "the new registration may be a renewal and not follow from the missing heartbeats: test "
            "again soon after one"
        ),
    ),
    (r"未收到心跳，无法计时", "no heartbeat came: there is nothing to time"),
    (r"人员未见离线指示", "the person saw no indication that it was off line"),
    (
        r"近两天没有列出一分钟以上的录像，或录像列表不可读",
        "no recording of a minute or more is listed for the last two days, or the list cannot be read",
    ),
    (
        r"媒体连接被复位后没有重连（共连接 (\d+) 次），没有间隔可测",
        "no reconnection after the media connection was reset (\\1 connections): there is no interval",
    ),
    (
        r"设备没有打开媒体连接，无从检测重连",
        "the device opened no media connection: reconnection cannot be tried",
    ),
    (r"没有按 GB/T 28181 联网检测的设备", "no device is tested over GB/T 28181"),
    (r"注册消息未写有效期", "the registration states no term"),
    (
        r"平台不应答、拒绝共 (\S+) s，未见设备重试注册",
        "the platform was silent and refused for \\1 s in all, and no new try was seen",
    ),
    (
        r"设备按 2016 版接入，该版无协议版本标识",
        "the device is of the edition of 2016, which has no mark of the protocol's version",
    ),
    (r"(.+)；有未列入工程文件的编码注册：(.+)", "\\1; codes registered that are not in the site file: \\2"),
)
"""Why an item ended as not tested or not applicable."""

REMARKS: Final = (
    (
        r"台账未给出测试体图样（layout），导出图像未由软件评分，只有评分人的结论",
        "the register has no drawing of the test body: assessors scored the picture, software did not",
    ),
    (r"未由软件评分：(.+)", "not scored by software: \\1"),
    (r"位置 ([^、]+) 的 ([^、]+?)(?: 等 \d+ 项)?", "position \\1: \\2"),
    (r"评分人所见而导出图像上不可见：(.+)", "seen by the assessors and not in the exported picture: \\1"),
    (
        r"设备未声明码流参数（SDP f=、VideoParamAttribute）",
        "the device does not declare the parameters of its stream",
    ),
    (
        r"应答的倍速 (\S+) 低于请求的 (\S+)，按应答判定",
        "the speed granted, \\1, is below \\2; judged by the answer",
    ),
    (r"应答的文件大小 (\d+) 字节，收到 (\d+) 字节", "the answer states a file of \\1 bytes, \\2 came"),
    (
        r"画面中没有可读的时钟，起止时刻只按设备的时间戳",
        "no legible clock is in the picture: begin and end are by the time stamps of the device",
    ),
    (
        r"同一时段的回放没有画面，未比较画面数",
        "playback of the same time gave no picture: the number of pictures was not compared",
    ),
    (r"结束后由设备拆除（BYE）", "ended by the device (BYE)"),
    (r"INVITE 应答：(.+)", "answers to INVITE: \\1"),
    (r"PS 封装：(.+)（(\d+) 次）", "PS container: \\1 (\\2 times)"),
    (r"另有来源 (.+) 的 (\d+) 个报文，未计入", "\\2 packets of source \\1 are not counted"),
    (
        r"来自 (.+) 的 (\d+) 个报文不属于本次点播，未计入",
        "\\2 packets from \\1 are not of this call and not counted",
    ),
    (r"未发送 TEARDOWN，以 BYE 结束", "ended by BYE, TEARDOWN was not sent"),
    (
        r"录像清单列至录像机时钟之后 (\S+) h，此后的部分未计入",
        "the list of recordings goes on \\1 h beyond the recorder's clock; that part was not counted",
    ),
    (
        r"录像时间比录像机时钟超前 (\S+) h：当地时间被标作 UTC",
        "the times of recordings are \\1 h ahead of the recorder's clock: local time marked as UTC",
    ),
    (
        r"信噪比按 20 lg（白黑码值差 ÷ 时域噪声）计，与 ISO 15739 的输入端信噪比不同",
        "SNR is 20 lg (white less black ÷ temporal noise), other than that of ISO 15739",
    ),
    (
        r"图卡处光源色温 (\S+) K 为声明值，未经本台测量；偏色含光源与其标称之差",
        "light on the chart: \\1 K as stated, not measured; what the lamps differ from it is in the cast",
    ),
    (
        r"水平清晰度由 e-SFR 的 MTF10 换算（机构自编方法），不是标准的楔形目视判读",
        "horizontal resolution is worked out from the MTF10 of the e-SFR (in-house), not read from the wedge",
    ),
    (
        r"交换机丢弃的坏帧不会到达本机，只计本机收到的报文",
        "broken frames that a switch drops do not arrive: only packets received here are counted",
    ),
    (
        r"以抓拍图片连续下载的净速率计，含摄像机出图时间，偏小",
        "by the net rate of snapshots one after the other, with the camera's own time: rather too low",
    ),
    (r"抖动含重传", "jitter includes retransmission"),
    (r"测不出丢包率", "loss cannot be measured"),
    (r"测不出包误差率", "the rate of broken packets cannot be measured"),
    (
        r"摄像机不提供可下载的图片：只证明通路不低于码流本身的速率",
        "the camera has no snapshots: shown is only that the path carries the stream itself",
    ),
    (
        r"条文未给算式：按 ITU-T Y\.1541 取时延 99\.9 % 分位减最小值，取每帧首包",
        (
            "the clause has no formula: the 99.9 % quantile of the delay less the least, of first "
            "packets (ITU-T Y.1541)"
        ),
    ),
    (r"经 TCP 交织传输：丢失的报文已被重传，(.+)", "interleaved in TCP, which sends lost packets again: \\1"),
    (r"观察 (\S+) s，短于一个 1 min 窗口", "watched for \\1 s, shorter than a window of 1 min"),
    (r"画面由较小的画面放大而成", "the picture is a smaller one enlarged"),
    (
        r"看不出是否由较小的画面放大（虚焦、昏暗、噪声、低码率、少有边缘，或细部有规律地重复）",
        (
            "whether it is a smaller picture enlarged cannot be told (out of focus, dark, noise, "
            "low rate, few edges, or a regular pattern)"
        ),
    ),
    (
        r"(\S+) 的码值在黑、白电平处被截去，误差部分不可见，峰值信噪比只是上界",
        "\\1 of the codes are cut off at black and white: PSNR is an upper bound",
    ),
    (
        r"参考序列为机构自编（公式公开），不是标准附录的测试序列",
        "the reference sequence is in-house (its formula is public), not that of a standard's annex",
    ),
    (
        r"画面相对参考序列平移（(\S+) px，(\S+) px），按 ITU-T J\.340 的方式移回后比较",
        "shifted by (\\1 px, \\2 px) against the reference and moved back as in ITU-T J.340",
    ),
    (
        r"未查验码流签名（GB 35114 B、C 级）",
        "signatures of the stream (GB 35114 class B, C) were not checked",
    ),
    (r"回放画面的叠加时间未能识读：(.+)", "the time in the picture could not be read: \\1"),
    (r"画面未能证实通道对应：(.+)", "the picture does not show that the channel is right: \\1"),
    (
        r"假定发送方报告与设备显示的是同一时钟；不含打戳之前和解码、显示的时间",
        (
            "sender reports and the displayed clock are taken as one; without the time before the "
            "stamp and the display"
        ),
    ),
    (
        r"最大的配置为 (.+)，本机不接收；所测为 (.+) 的配置",
        "the largest profile, \\1, is not received here; measured was \\2",
    ),
    (
        r"应答未写有效期，按请求的有效期检测",
        "the answer states no term: tested by the term that was asked for",
    ),
    (r"未检测续订", "renewal was not tested"),
    (r"未检测届满与取消之后是否仍通知", "whether it still notifies after the end was not tested"),
    (
        r"携带测试物通过 (\d+) 次，报警 (\d+) 次；不携带金属通过 (\d+) 次，报警 (\d+) 次",
        "\\2 alarms in \\1 passes with the test object, \\4 in \\3 without metal",
    ),
)
"""What an evaluation says of the figure it gives."""
