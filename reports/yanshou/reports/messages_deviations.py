# SPDX-License-Identifier: Apache-2.0
r"""What suites say in Chinese of a test (deviations, what was not shown, methods), in English.

A suite writes one language into the journal. A pattern stands for one sentence; what it took from the site
file or a device stays as it is, and what a person wrote (``\\q1``) is quoted.
"""

from __future__ import annotations

from typing import Final

WATCHED: Final = {
    "离线时产生事件": "events made while off line",
    "通信中断和恢复": "losses and returns of the connection",
    "消防信号持续时观察": "watched while the fire signal lasted:",
    "警号静默": "the siren counts as ended after a silence of",
    "每一脉宽触发": "stimuli of each width:",
    "脉冲后观察": "watched after the pulse:",
    "备用电源下开启": "openings on the standby supply:",
    "无权凭证": "credentials without rights:",
    "心跳周期观察": "heartbeat intervals watched:",
    "现场复核断电": "supply cut to check on site:",
    "各类信号显示后观察": "classes watched after they were shown:",
    "防拆与报警区分观察": "tamper told from alarm, watched:",
    "自锁观察": "latching watched:",
    "故障指示保持观察": "fault indication watched:",
    "断电": "supply cut:",
    "主电源断电": "mains cuts:",
    "拒绝设防观察": "refusal to set watched:",
    "不足 30 s 的阻断": "blockings shorter than 30 s:",
    "链路监控观察": "supervision of the link watched:",
    "光变化": "changes of light:",
    "帧率观察": "frame rate watched:",
    "操作生效观察": "effect of the operation watched:",
    "网络观察": "network watched:",
    "主观评价活动图像片段": "moving picture for the opinion score:",
    "撤防观察": "unsetting watched:",
    "平台不应答的观察": "watched while the platform did not answer:",
    "媒体重连的观察": "reconnection of media watched:",
    "云台命令后的观察": "picture watched after each command of pan, tilt or zoom:",
    "走时观察": "running of the clock watched:",
    "报警保持观察": "alarm watched for being held:",
    "每组通过": "passes of each group:",
    "运行": "run:",
}
"""What ``Record.duration`` and ``Record.times`` name, and what else was shortened."""

DEVIATIONS: Final = (
    (r"估算：(.+)", "estimate: \\1"),
    (r"途中发现：错误操作同时显示于 (.+)", "seen in passing: wrong credentials shown at \\1, too"),
    (
        r"途中发现：通信中断或恢复时释放了 (.+)",
        "seen in passing: \\1 released when the link was lost or came back",
    ),
    (
        r"途中发现：离线时无权凭证释放了门锁 (.+)",
        "seen in passing: off line a credential without rights released the lock \\1",
    ),
    (r"途中发现：(.+)", "seen in passing: \\1"),
    (r"(.+?) (\S+) s，短于(?:通常|规定)的 (\S+) s", "\\1 \\2 s instead of \\3 s"),
    (r"(.+?) (\S+) 次，少于通常的 (\S+) 次", "\\1 \\2 times instead of \\3"),
    # the run folder and its site file
    (
        r"检测文件夹曾不完整（日志第 (\d+) 行）：(.+)；仍继续的理由：(.+)。此前所测不作为合格的依据",
        (
            "the run folder was not intact (line \\1 of the journal): \\2; gone on with because: \\q3. "
            "Nothing "
            "measured before counts for the system"
        ),
    ),
    (
        r"书面答复 (.+) 在两次检测之间被更改（日志第 (\d+) 行，(\w+ → \w+)）：(.+)",
        "written answers of \\1 were changed between two sessions (line \\2 of the journal, \\3): \\4",
    ),
    (
        (
            r"日志第 (\d+) 行的时刻比前一行早 (\d+) s（计算机时钟被拨回，或换用的计算机时钟不同）："
            r"此前此后印出的时刻不可比较"
        ),
        (
            "line \\1 of the journal is \\2 s earlier than the line before (the computer's clock was set "
            "back, or another computer's differs): printed times before and after it cannot be compared"
        ),
    ),
    (
        r"复检开始的时刻（(.+)）早于上一轮检测（(.+)）：两次中有一次计算机时钟不对",
        (
            "the re-test began (\\1) before the round that it follows (\\2): the computer's clock was wrong "
            "in one of them"
        ),
    ),
    (
        r"现场文件第 (\d+) 次更正（日志第 (\d+) 行，理由：(.+?)）：(.*)",
        "correction \\1 of the site file (line \\2 of the journal, because: \\q3): \\4",
    ),
    (
        r"第 (\d+) 次更正涉及 (\d+) 个检测项的依据，此前结果不再作为合格的依据，须重新检测：(.+)",
        (
            "correction \\1 concerns what \\2 items rest on; earlier results do not count, and they are "
            "tested again: \\3"
        ),
    ),
    (r"第 (\d+) 次抽样（(\S+)，种子 (\d+)）：(.+)", "draw \\1 (\\2, seed \\3): \\q4"),
    (r"第 (\d+) 次抽样之后点位表新增或改名：(.+)", "new or renamed in the inventory since draw \\1: \\2"),
    (r"第 (\d+) 次抽样之后点位表减少或改名：(.+)", "gone or renamed in the inventory since draw \\1: \\2"),
    (
        r"第 (\d+) 次抽样之后点位表更改类型或型号：(.+)",
        "of another kind or model in the inventory since draw \\1: \\2",
    ),
    (
        r"第 (\d+) 次更正后不再列入检测（原已列入，尚未检测）：(.+)",
        "no longer planned since correction \\1 (it was, and was not tested yet): \\2",
    ),
    # access control
    (r"断电 (\S+) h 后记录不全", "records are incomplete after \\1 h without supply"),
    (
        r"检测台未接出门识读装置（reader_out），未核对离开后可再次进入",
        "the exit reader is not wired to the bench: whether one who left may enter again was not tried",
    ),
    (r"断开市电 (\S+) s 后门锁释放", "the lock released \\1 s after the mains were cut"),
    (r"断开市电即释放门锁", "the lock releases when the mains are cut"),
    (
        r"检测台不能发出关闭命令，只检测开启命令",
        "the bench cannot give the command to close: only that to open was tested",
    ),
    (
        r"途中发现：未经核准即释放了门锁，核准不起作用",
        "seen in passing: the lock was released without the approval, which has no effect",
    ),
    (
        r"计时至中心接口给出记录，不含界面显示",
        "timed until the interface of the centre gives the record, without its display",
    ),
    (
        r"点位表未给出开启时间（lock_open_s），只核对 (\S+) s 内重新锁闭",
        "the inventory states no time of opening: only that the lock closes again within \\1 s was checked",
    ),
    # GB/T 28181, GB 35114
    (
        r"应答与否的清单据二手资料，未对照纸质标准；看守位和精准云台未列入（会改变设置）",
        (
            "which commands are answered is by secondary sources, not compared with the printed standard; "
            "home position and exact pan and tilt are left out (they change settings)"
        ),
    ),
    (
        r"试验后设备未重新注册，其时钟可能仍超前 600 s",
        "the device did not register again after the test: its clock may still be 600 s fast",
    ),
    (
        r"离线指示由人员读取，用时按确认时刻计为上限",
        "a person read the indication: the time is an upper bound, to the moment of confirming",
    ),
    (
        r"联网测试方法 GB/T 39272-2020 以 GB/T 28181-2016 为依据，与 2022 版有差异",
        "the test method GB/T 39272-2020 rests on GB/T 28181-2016, which differs from the edition of 2022",
    ),
    (
        r"目录应答：(.+)；他人序列号 (\d+) 条",
        "answers of the catalogue: \\1; with the number of another query: \\2",
    ),
    (r"形式正确", "well formed"),
    (
        r"连接建立后立即复位，代替拒绝连接",
        "connections are reset as soon as they are made, instead of being refused",
    ),
    (
        r"摘要认证的 uri 与请求的 URI 不同（两种写法均接受）",
        "the uri of the digest is not that of the request (both ways are accepted)",
    ),
    (
        r"Contact 写的地址（(.+)）不是来源地址；应答和请求均按来源地址",
        "the address in Contact (\\1) is not that of the sender; answers and requests go to the sender",
    ),
    (r"注销后在等待时间内未重新注册", "it did not register again within the wait after it was removed"),
    (
        r"检测台是分发的目标：被检方对前端报警的 200 应答在其内部，未观察",
        "the bench is the receiver: the 200 to the alarm of the device is inside the system and was not seen",
    ),
    (
        r"录像状态不是 OFF，未发录像控制命令（停止命令会中断录像）",
        "the state of recording is not OFF: no command to record was given (the stop would end recordings)",
    ),
    (r"布防状态未知，未发布撤防命令", "the state of guard is not known: it was neither set nor unset"),
    (r"未与现场核对的状态：(.+)", "states not compared with the site: \\1"),
    (
        r"检测期间有效期未届满，未观察到续注册",
        "the registration did not expire during the test: its renewal was not seen",
    ),
    (r"只观察到(.+)后的重试", "only retries after \\1 were seen"),
    (
        r"由人员以专用测试仪验证：检测台没有该设备的 SM2 证书",
        "verified by a person with a tester for it: the bench has no SM2 certificate of this device",
    ),
    (
        r"签名与摘要的内容按形式 (.+)，取自公开实现和引文，未核对标准原文；未核查证书的签发链与吊销",
        (
            "content of signature and digest by form \\1, from public implementations and quotations, "
            "not compared with the standard; issuer and revocation of the certificate were not checked"
        ),
    ),
    # quoted certificates, intrusion, alarm transmission
    (r"引自(.+)，非本次检测", "quoted from \\1, not of this test"),
    (r"试验电压 (\S+) V，低于 (\S+) V", "test voltage \\1 V, below \\2 V"),
    (r"(\S+) s 时(\S)显示故障（条文不要求）", "\\2 at \\1 s (the clause does not ask it)"),
    (r"已", "a fault was shown"),
    (r"未", "no fault was shown"),
    (
        r"主机接口不能读取记录，未比较操作前后的记录",
        "the log cannot be read over the interface: it was not compared before and after",
    ),
    (
        r"检测台不能断电并读取记录，未在现场复核",
        "the bench cannot cut the supply and read the log: not checked on site",
    ),
    (r"断开主电源放电 (\S+) s，短于通常的 (\S+) s", "mains cut for a discharge of \\1 s instead of \\2 s"),
    (r"断开主电源 (\S+) s 后主机停止工作", "the panel stopped \\1 s after the mains were cut"),
    (
        r"主机接口只显示报警：送达时间含主机的处理时间",
        "the interface shows alarms only: the time of delivery includes that of the panel",
    ),
    (r"未产生的状态：(.+)", "states that were not brought about: \\1"),
    (r"点位表记为 (\S+) 个，现场为 (\S+) 个", "the inventory lists \\1, the site has \\2"),
    (r"检测台无电阻继电器，未做：(.+)", "the bench has no relay with a resistor; not done: \\1"),
    (
        r"点位表未注明线尾电阻（eol_ohm），未做线尾电阻变化",
        "the inventory states no end-of-line resistor: its change was not tried",
    ),
    (
        r"报文格式不符合 SIA DC-09，已按校验读出：(.+)",
        "messages do not have the form of SIA DC-09 and were read by their check: \\1",
    ),
    (r"未计入被拒的报文：(.+)", "messages that were refused are not counted: \\1"),
    (
        r"以检测接警机代替接警中心，到收全报文为止，不含中心显示",
        "the receiver of the bench stands for the centre: until the message is complete, without its display",
    ),
    (
        r"接警机的时钟未与时间服务器核对（加密报文的时间窗以其为准）",
        "the clock of the receiver was not compared with a time server (encrypted messages are dated by it)",
    ),
    (
        r"路径中断最长观察 (\S+) s；限值长于此且未见报告的，不作判定",
        "a cut path was watched for at most \\1 s; nothing is judged by a longer limit without a report",
    ),
    (
        r"胁迫报警以主机记录判断，未在中心核对",
        "the duress alarm is judged by the log of the panel, not at the centre",
    ),
    (
        r"更正答复后重新施加激励并重做本项；此前的观察见日志",
        "done anew, with its stimuli, after an answer was corrected; what was seen before is in the journal",
    ),
    # integration, site
    (r"设计时限 (\S+) s 未计时：目标由人员观察", "the designed \\1 s were not timed: a person watched"),
    (r"未试验的子系统：(.+)", "subsystems that were not tried: \\1"),
    (r"未停止的平台或视频主机：(.+)", "platforms or video hosts that were not stopped: \\1"),
    (r"未能观察以下摄像机是否被误联动：(.+)", "not watched for being linked by mistake: \\1"),
    (r"触发前已在录像", "recording before the stimulus"),
    (r"平台报出车牌 (.+)", "the platform reported plate \\1"),
    (r"平台报出 (.+)", "the platform reported \\1"),
    (r"平台 (\S+) 重复送达 (\d+) 次", "platform \\1 delivered \\2 events twice"),
    (r"平台 (\S+) 的事件没有时间", "an event of platform \\1 has no time"),
    (r"平台 (\S+) 的事件没有设备名", "an event of platform \\1 names no device"),
    (
        r"平台 (\S+) 的事件时间与检测台相差 (\S+ \S+?)(?:（似为时区不同）)?",
        "the times of platform \\1 differ from the bench by \\2",
    ),
    (r"按回路试后校准之前的结论统计", "counted from the findings before the loops were calibrated again"),
    (r"日志来源 (.+)；最短者 (.+)；陪同 (.+)", "logs of \\1; the shortest \\2; accompanied by \\3"),
    # video
    (
        r"显示环节未实测，按 (\S+) ms 均匀分布计入",
        "the display was not measured: \\1 ms, uniform, are in the budget",
    ),
    (
        r"显示时间码的屏幕自身延迟未实测，按 (\S+) ms 均匀分布扣除",
        "the delay of the screen with the time code was not measured: \\1 ms, uniform, were subtracted",
    ),
    (
        r"回放画面在监视器上评价，评价人知道所评的录像",
        "judged on the monitor at playback; the assessors know which recording they judge",
    ),
    (r"评价人均为(.+)", "all assessors are \\1"),
    (
        r"活动图像片段录自主码流，在检测计算机上播放，未在系统的监视器前观看",
        (
            "the moving pictures are of the main stream, shown on the computer of the bench and not on the "
            "monitors of the system"
        ),
    ),
    (
        r"未经网络试改、试删（录像设备的接口没有修改、删除录像的命令）",
        "altering and deleting were not tried over the network (the interface has no such command)",
    ),
    (
        r"未经网络试改、试删（人员未放行）",
        "altering and deleting were not tried over the network (not released)",
    ),
    (
        r"未经网络试改、试删（现场未允许 record_delete）",
        "altering and deleting were not tried over the network (the site does not allow it)",
    ),
    (r"摄像机不提供 UDP 传输", "the camera offers no transport over UDP"),
    (r"UDP 报文未到达（(.+)）", "packets over UDP did not arrive (\\1)"),
    (
        r"位置 (.+) 的导出图像为伪彩色，软件按亮度评分",
        "the exported picture of position \\1 has false colours; it was scored by its brightness",
    ),
    (
        r"导出图像未标注设备编号，或点位表未给出（serial）：不能证明是该设备的图像",
        "the exported picture names no device, or the inventory no serial: it may be of another device",
    ),
    (
        r"(?:(\S+) )?各日同一钟点的画面相同而噪声不可比，看不出是否由一日的录像重新编码而成",
        (
            "pictures of one hour are alike on all days and their noise cannot be compared; whether one day "
            "was encoded again cannot be told: \\1"
        ),
    ),
    (
        r"(?:(\S+) )?没有一处回放画面能看出与该摄像机的实时画面同一视场，不能排除是其他通道的录像",
        "no picture played back shows the view of the live one; it may be of another channel: \\1",
    ),
    (
        r"(\S+) 读取时落后于码流 (.+) s（本机繁忙），未收全，帧率未能由第二种读取器核对",
        (
            "\\1 fell \\2 s behind the stream (this computer was busy) and missed pictures: no second reader "
            "confirms the frame rate"
        ),
    ),
    (
        (
            r"(?:(\S+) )?回放中途的画面静止数秒或无内容（黑屏等），首尾画面正常，"
            r"看不出其间是否录有画面"
        ),
        (
            "pictures in the middle of a playback stand still for seconds or have no content (black), though "
            "the first and the last are right; whether anything was recorded between cannot be told: \\1"
        ),
    ),
    (
        r"(?:(\S+) )?短缺录合计超过应保存期的 (\S+) %，按约定的 (\S+) % 未计入",
        (
            "short gaps together take more than \\2 % of the required time and do not count, since \\3 % was "
            "agreed: \\1"
        ),
    ),
    (
        r"(?:(\S+) )?申报的停录超过应保存期的 (\S+) %，其间无录像可检",
        (
            "recording was declared as stopped for more than \\2 % of the required time, where nothing can "
            "be tested: \\1"
        ),
    ),
    (
        (
            r"(?:(\S+) )?回放画面中未识读到足够的叠加时间，看不出是否循环播放同一段录像"
            r"（叠加时间的摄像机须注明 osd）"
        ),
        (
            "too few times in the picture were read: whether one recording is played again and again cannot "
            "be told (cameras that write the time have to be marked): \\1"
        ),
    ),
    (
        r"只有 (.+) 的画面中有活动物移动，其余画面分不清是新摄的还是重复前一幅的（须有活动物持续入镜）",
        (
            "something moves in \\1 of the pictures only; of the others it cannot be told whether they are "
            "new or the one before again (something has to move in view all the time)"
        ),
    ),
    (
        r"画面中只有 (.+) 的区域有变化，分不清是活动物还是叠加的时钟或图形（须有人或车辆穿过画面）",
        (
            "only \\1 of the picture ever changes: whether that is a thing that moves or a clock or drawing "
            "laid over it cannot be told (a person or a vehicle has to cross the view)"
        ),
    ),
    (
        r"活动物以外 (.+) 的区域在两个关键帧间逐位相同，分不清是实时画面还是在同一幅画面上叠加的活动物",
        (
            "beside what moves \\1 of the picture is bit by bit the same in two key frames: "
            "whether it is a live view or movement laid over one picture cannot be told"
        ),
    ),
    (
        r"帧率在观察期间变化：平均 (.+) fps，最低的 (.+) s 内为 (.+) fps",
        "the frame rate changed while it was watched: \\1 fps on average, \\3 fps in the slowest \\2 s",
    ),
    (
        r"画面尺寸在观察期间变化：(.+)",
        "the size of the pictures changed while they were counted: \\1",
    ),
    (
        r"活动物每 (.+) s 逐幅重复一次，分不清是实时画面还是循环播放的旧画面（须有人或车辆穿过画面）",
        (
            "what moves repeats itself picture by picture every \\1 s: whether it is a live view or old "
            "pictures played again and again cannot be told (a person or a vehicle has to cross the view)"
        ),
    ),
    (
        r"云台命令后画面未动，无法离开预置位，无从检测其调用",
        "the picture did not move at the command: the preset cannot be left, so its recall cannot be tried",
    ),
    (
        r"离开预置位后不调用，画面也回到原处（守望等）或未看清，返回不能归于调用",
        (
            "left without a recall, the camera came back too (it parks by itself) or was not seen: that it "
            "came back does not prove the recall"
        ),
    ),
    # methods of estimates
    (
        r"额定容量 (\S+) Ah × (\S+) ÷ 实测充电电流 (\S+) A，按恒流计",
        "rated capacity \\1 Ah × \\2 ÷ measured charging current \\3 A, as a constant current",
    ),
    (r"未做放电", "no discharge was made"),
    (r"未做断电", "the supply was not cut"),
    (
        r"断开主电源 (\S+) s，主机工作正常，但未见主电源故障显示，不能证明主电源确已断开",
        (
            "the panel worked for \\1 s after its mains was cut, but showed no mains fault, which does not "
            "prove that the mains was off"
        ),
    ),
    (r"断开主电源 (\S+) s，主机工作正常", "the panel worked for \\1 s without mains"),
    (r"断开市电 (\S+) s，门锁保持锁闭", "the lock held for \\1 s without mains"),
    (
        r"试验期间看不到其画面，未确认不随之动作：(.+)",
        "not seen during the test, so not shown to have stayed still: \\1",
    ),
    (
        r"建议值 100 按 H\.265 裸码流的负载类型提供；条文未对照纸质标准",
        "the advised value 100 was offered as payload type of bare H.265; the clause was not read on paper",
    ),
)
