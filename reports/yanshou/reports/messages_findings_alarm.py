# SPDX-License-Identifier: Apache-2.0
"""What suites say in Chinese of access control, intrusion, transmission and linkage, in English.

``{1}`` is what the sentence took from the site file or a device.
"""

from __future__ import annotations

from typing import Final

DOORS: Final = {
    "记录时间": "time of the record",
    "位置": "place",
    "时间（年四位至秒）": "time (year of four digits, to the second)",
    "目标": "target",
    "行为": "action",
    "缺少：{1}": "missing: {1}",
    "有权凭证": "a credential with the right",
    "有权凭证也显示为胁迫": "a credential with the right is shown as duress, too",
    "胁迫凭证": "the duress credential",
    "同时显示于其他门：{1}": "shown at other doors, too: {1}",
    "监控台未显示胁迫": "the duress was not shown at the console",
    "{1}未释放门锁": "{1} did not release the lock",
    "{1}释放门锁后未再锁闭": "after {1} had released it, the lock did not close again",
    "未离开而再次进入时释放了门锁": "the lock was released for one who entered again without having left",
    "拒绝再次进入未记录": "the refusal of the second entry was not recorded",
    "离开后{k1}": "after leaving, {1}",
    "可用密码 {1} 个，已分配 {2} 个": "{1} codes are possible, {2} are in use",
    "门锁释放后未再锁闭，其后的释放无从计时": (
        "the lock did not close again after its release: later ones cannot be timed"
    ),
    "封锁期间有权凭证仍释放了门锁": "a credential with the right released the lock while it was blocked",
    "解除封锁后有权凭证不能开门": "a credential with the right did not open after the blocking was ended",
    "开放命令未释放门锁": "the command to hold open did not release the lock",
    "开放期间门锁重新锁闭": "the lock closed again while it was to be held open",
    "结束开放后门锁未锁闭": "the lock did not close after holding open had ended",
    "通信中断未报警": "the lost connection raised no alarm",
    "无{k1}提示": "no indication by {1}",
    "未出示凭证时门锁已处于释放状态": "the lock was released before any credential was presented",
    "有权凭证未释放门锁": "a credential with the right did not release the lock",
    "门锁释放后未再锁闭": "the lock did not close again after its release",
    "释放了门锁：{1}": "it released locks: {1}",
    "同时释放了其他门锁：{1}": "other locks were released as well: {1}",
    "设定释放 {1} s，{2} s 后才锁闭": "set to be released for {1} s, it closed only after {2} s",
    "第 {1} 次释放了门锁": "try {1} released the lock",
    "第 {1} 次释放了 {2}": "try {1} released {2}",
    "有权凭证开门也显示为强行开门": "an opening by a credential with the right is shown as forced, too",
    "未核对有权开门是否误报为强行开门：检测台无凭证，或未允许释放门锁": (
        "not tried whether an opening by right is shown as forced: the bench has no credential there, or no "
        "lock may be released"
    ),
    "未核对有权开门是否误报为强行开门：有权凭证未释放门锁": (
        "not tried whether an opening by right is shown as forced: a credential with the right did not "
        "release the lock"
    ),
    "中心命令同时释放了 {1}": "a command of the centre released {1} as well",
    "强行开门未报警": "forcing the door raised no alarm",
    "未核对有权凭证是否也报错误操作：检测台无有权凭证": (
        "not tried whether a credential with the right is shown as a wrong one: the bench has none"
    ),
    "未核对有权凭证是否也报错误操作：有权凭证未释放门锁": (
        "not tried whether a credential with the right is shown as a wrong one: it did not release the lock"
    ),
    "有权凭证也报错误操作": "a credential with the right is shown as a wrong one, too",
    "强行开门另显示为{1}": "the forced door is also shown as: {1}",
    "错误操作": "wrong credentials",
    "识读装置防拆": "housing of the reader opened",
    "识读装置故障": "fault of the reader",
    "错误操作同时显示于 {1}": "wrong credentials shown at {1}, too",
    "{1} 次中拒绝 {2} 次；无一拒绝时至少须 {3} 次（95 %）": (
        "{2} of {1} were refused; without any refusal {3} would be needed at least (95 %)"
    ),
    "额定容量 {1} Ah × 老化系数 {2} ÷ 实测锁闭电流": (
        "rated capacity {1} Ah × ageing {2} ÷ measured holding current"
    ),
    "未显示识读装置{k1}": "not shown of the reader: {1}",
    "显示为{k1}": "shown as {1}",
    "开门超时未报警": "the door left open raised no alarm",
    "设定 {1} s，开门后 {2} s 内即报警": "set to {1} s, it alarmed within {2} s of opening",
    "同时显示其他门超时：{1}": "other doors shown as left open, too: {1}",
    "消防信号": "the fire signal",
    "紧急释放按钮": "the emergency release button",
    "{1}持续时门锁重新锁闭": "the lock closed again while {1} lasted",
    "未释放：{1}": "not released: {1}",
    "信号持续时重新锁闭：{1}": "closed again while the signal lasted: {1}",
    "通信中断或恢复时释放了 {1}": "{1} released when the link was lost or came back",
    "{1} 次通断中释放 {2} 次：{3}": "{2} releases in {1} losses and returns of the connection: {3}",
    "通信中断即释放门锁": "the lock is released when the connection is lost",
    "第 {1} 次无权凭证释放了门锁，未作为错误操作报警": (
        "try {1} with a credential without rights released the lock and gave no alarm"
    ),
    "离线时无权凭证释放了门锁": "off line a credential without rights released the lock",
    "离线时无权凭证释放了门锁 {1}": "off line a credential without rights released the lock {1}",
    "离线时释放了其他门锁：{1}": "off line other locks were released: {1}",
    "离线时有权凭证未释放门锁": "off line a credential with the right did not release the lock",
    "离线释放后未再锁闭": "the lock did not close again after its release off line",
    "受控区外线缆未封闭": "cables outside the protected area are not enclosed",
    "受控区外有可触及的接头或接线端子": (
        "joints or terminals can be reached from outside the protected area"
    ),
    "落杆时触及泡沫体未停止或回升": (
        "the closing barrier did not stop or rise again when it touched the foam body"
    ),
    "断电后不能人工开启": "it cannot be opened by hand without supply",
    "漏巡未及时报警": "a missed patrol point was not reported in time",
    "迟到未及时报警": "a late patrol was not reported in time",
    "仍用出厂默认密钥": "the factory keys are still in use",
    "改动的报文有效": "a changed message is accepted",
    "重放的报文有效": "a replayed message is accepted",
    "凭证以明文上报": "credentials are reported in clear",
    "安全通道使用出厂默认密钥": "the secure channel uses the factory key",
    "控制器自行以明文改换密钥": "the controller changes the key in clear by itself",
    "准许": "granted",
    "拒绝": "refused",
    "胁迫": "duress",
    "强行开门": "forced open",
    "返传": "passed back",
    "卡 {1}": "card {1}",
    "无卡": "no card",
    "门 {1} {2}（{3}）": "door {1}, {2} ({3})",
    "等": "and others",
    "{1} 等": "{1} and others",
    "{1} 条未到达：{2}": "{1} did not arrive: {2}",
    "{1} 条重复": "{1} came twice",
    "{1} 条次序颠倒": "{1} out of order",
    "另有 {1} 条不是所产生的事件": "{1} more are of events that were not made",
    "{1}无记录": "no record of {1}",
    "只有 {k1}": "only {1}",
    "{1}记于门 {2}": "{1} recorded under door {2}",
    "{1}记为卡 {2}": "{1} recorded under card {2}",
    "另有未产生的记录：门 {1} {2}（{3}）": "a record of what was not made: door {1}, {2} ({3})",
    "{1} 条记录的当地时间处于夏令时起止的一小时，可指两个时刻，取与事件较近者：差一小时的时钟看不出": (
        "{1} records have a local time in the hour in which daylight saving begins or ends; it can mean two "
        "moments, and the one nearer to the event was taken: a clock wrong by one hour cannot be seen"
    ),
    "{1}记录时间 {2}，偏差至少 {3} s": "{1} recorded at {2}, at least {3} s off",
}

INTRUSION: Final = {
    "{k1}解除并复位后主机仍不能设防，无从判断": (
        "once put right and reset ({1}), the panel still cannot be set: nothing can be told"
    ),
    "{k1}报为 {2} 分区，应为 {3} 分区": "{1} reported for partition {2}, not {3}",
    "没有接入检测台的防区，不能产生事件以核对记录的时间": (
        "no zone is wired to the bench, so no event can be made whose record shows how the log is dated"
    ),
    "设防、撤防未记入记录": "setting and unsetting were not recorded",
    "设防、撤防未记入记录，容量无从检测": "setting and unsetting are not recorded: the log cannot be filled",
    "同一事件记录两次：{1} 条记录只是 {2} 个事件": (
        "each event is recorded twice: {1} records tell of {2} events"
    ),
    "主机称保存 {1} 条记录，只能读出最新的 {2} 条": (
        "the panel says it keeps {1} records; only the newest {2} can be read"
    ),
    "主机记录的时间与实际相差 {1} s，保存时间按主机时钟计": (
        "the panel dates its records {1} s off; how far back they reach is counted by its own clock"
    ),
    "记录的时间先后颠倒：主机时钟曾被改动": "records are dated out of order: the panel's clock was changed",
    "相邻记录相隔 {1} d：其间的记录缺失，或主机时钟曾被改动": (
        "{1} d lie between neighbouring records: some are missing, or the panel's clock was changed"
    ),
    "系统投入使用只有 {1} d，最早的记录却有 {2} d": (
        "the system has been in use for {1} d, but its oldest record is {2} d old"
    ),
    "未显示：{1}": "not shown: {1}",
    "未复位而显示消失：{1}": "no longer shown though nobody reset: {1}",
    "显示次序颠倒：{1}": "shown in the wrong order: {1}",
    "未触发而显示：{1}": "shown without a stimulus: {1}",
    "入侵": "intrusion",
    "紧急": "hold-up",
    "防拆": "tamper",
    "故障": "fault",
    "报警": "alarm",
    "紧急报警": "hold-up alarm",
    "恢复": "restored",
    "{1}显示为{2}": "{1} shown as {2}",
    "同时显示了：{1}": "shown as well: {1}",
    "撤防状态下防拆无显示": "unset, the tamper is not shown",
    "防拆显示为防区报警": "the tamper is shown as an alarm of the zone",
    "防拆同时显示为防区报警": "the tamper is shown as an alarm of the zone, too",
    "{1} 次步行未报警": "{1} walks raised no alarm",
    "撤防状态下按下紧急按钮未报警": "unset, the hold-up button raised no alarm",
    "按钮松开后报警未自锁": "the alarm was not held after the button was let go",
    "报警未显示该防区": "the alarm did not show this zone",
    "无声光提示": "no sound or light",
    "报警时无声光提示": "an alarm without sound or light",
    "检测台未接警号输出（siren），报警时是否有声提示未观察": (
        "the bench is not wired to the siren output (siren): whether the alarm sounds was not observed"
    ),
    "报警自行消失": "the alarm went by itself",
    "手动复位后仍显示": "still shown after the reset",
    "报警未显示，无法保持": "the alarm was not shown, so it cannot be held",
    "回路恢复后报警自动复位": "the alarm was reset by itself when the loop was restored",
    "额定容量 {1} Ah × 老化系数 {2} ÷ 实测静态电流": (
        "rated capacity {1} Ah × ageing {2} ÷ measured standby current"
    ),
    "线尾电阻减半": "end-of-line resistor halved",
    "线尾电阻增半": "end-of-line resistor half as large again",
    "断路": "open circuit",
    "短路": "short circuit",
    "{k1}未报警": "{1} raised no alarm",
    "切断探测器电源未报警": "cutting the supply of the detector raised no alarm",
    "可修改": "it can be altered",
    "可删除": "it can be deleted",
    "操作后记录缺失或改变": "records are missing or changed after the operation",
    "系统投入使用时间短于记录保存要求，尚不能证明": (
        "the system has been in use for less than records have to be kept: nothing can be shown yet"
    ),
    "主电源断电": "mains failure",
    "备用电源断开": "battery disconnected",
    "备用电源欠压": "battery low",
    "{1}无光指示": "{1} without light",
    "{1}无声指示": "{1} without sound",
    "{1}指示不保持": "{1}: the indication is not held",
    "设防": "setting",
    "撤防": "unsetting",
    "试设防": "trying to set",
    "旁路": "isolating a zone",
    "断电恢复后不再保持：{1}": "no longer held after the supply came back: {1}",
    "第 {1} 次未显示主电源故障": "time {1}: the fault of the mains was not shown",
    "第 {1} 次设防状态丢失": "time {1}: the set state was lost",
    "阻塞只有 {1} s，不足 {2} s": "blocked for {1} s only, less than {2} s",
    "信道阻塞未显示故障": "the blocked channel was not shown as a fault",
    "未立即发射": "not sent at once",
    "未重复发射": "not sent again",
    "未报欠压": "the low battery was not reported",
    "第 {1} 次触发无报警": "stimulus {1} raised no alarm",
    "与其他防区一起触发时另见 {1}，单独触发时未再现，原因不明": (
        "{1} was seen when triggered together with other zones and not when alone: the cause is not known"
    ),
    "与其他防区一起触发时报警，单独触发时未报警": (
        "it alarmed when triggered together with other zones and not when alone"
    ),
    "信号线短路": "signal line short-circuited",
    "探测器断电": "detector without supply",
    "主机防拆": "tamper of the panel",
    "主电源故障": "fault of the mains",
    "备用电源故障": "fault of the battery",
    "探测器活动": "detector active",
    "紧急报警装置触发": "hold-up device active",
    "传输故障": "fault of transmission",
    "告警装置故障": "fault of a warning device",
    "探测器遮挡": "detector masked",
    "探测范围缩小": "range of a detector reduced",
    "以下状态下仍可设防：{1}": "it can be set in spite of: {1}",
    "本底 {1} dB(A) 与读数相差不足 {2} dB": (
        "the background of {1} dB(A) is less than {2} dB below the reading"
    ),
    "{1}状态下防拆未报警": "the tamper raised no alarm in this state: {1}",
    "打开机盖时 {1}": "{1}, when the housing was opened",
    "主电源断电时 {1}": "{1}, at a mains failure",
    "{k1}时 {2}": "{2}, at {1}",
    "打开机盖未报警": "opening the housing raised no alarm",
    "{1}：有权限而无效": "{1}: has the right and was refused",
    "{1}：无权限而有效": "{1}: has no right and was obeyed",
    "{1}：拒绝未记录": "{1}: the refusal was not recorded",
    "按时间设防、撤防无效": "setting and unsetting by time does not work",
    "胁迫报警未送达": "the duress alarm did not arrive",
    "胁迫撤防时现场有声响": "unsetting under duress made a sound on site",
    "胁迫码不能撤防": "the duress code does not unset",
    "接警中心收到 {1}": "the receiving centre got {1}",
    "设备描述文件 {1} 未经核对，结果仅供参考": (
        "the device profile {1} was not verified: the result is indicative only"
    ),
    "前一次未做完的试验中有触发未得到响应，不能排除系统未响应": (
        "in an earlier attempt that was not finished a stimulus got no answer: it cannot be excluded that "
        "the system did not respond"
    ),
    "{1} s 内无响应": "no response within {1} s",
    "{1} 防区{2}": "zone {1}: {2}",
    "{1} 防区": "zone {1}",
    "{1} 分区报警": "partition {1}: alarm",
    "{1} 分区设防状态改变": "partition {1}: set or unset",
    "{1} 分区{2}时 {3} 分区设防状态改变": "partition {3} was set or unset at {2} partition {1}",
    "主机另显示 {1}": "the panel showed {1}, too",
    "触发历时 {1} ms，超过 {2} ms，不构成同时触发": (
        "the stimuli took {1} ms, more than {2} ms: they are not simultaneous"
    ),
}

TRANSMISSION: Final = {
    "边界无防护": "the border of the network is not protected",
    "存在弱口令": "there are weak passwords",
    "存在已知漏洞": "there are known vulnerabilities",
    "与其他业务共用网络": "the network is shared with other services",
    "未正确收到{1}": "not received correctly: {1}",
    "次序颠倒": "in the wrong order",
    "另报了 {1}": "reported as well: {1}",
    "回路未复原时已报恢复 {1}": "restoral {1} reported while the loop was still open",
    "并未发生而报 {1}": "{1} reported, which had not happened",
    "主机同时显示了：{1}": "shown at the panel as well: {1}",
    "实收 {1}": "received: {1}",
    "不足 30 s 已指示": "indicated before 30 s",
    "阻断 35 s 后主机未指示故障": "the panel indicated no fault after 35 s of blocking",
    "{1} 未收到测试报警": "{1} did not receive the test alarm",
    "未核实": "not verified",
    "未记录": "not recorded",
    "滞后": "late",
    "超前": "early",
    "接受": "accepted",
    "{1} {2} s 应{3}，实为 {4}": "{2} s {1}: {3} was due, {4} came",
    "NAK 未带时间": "NAK without the time",
    "未带时间": "without the time",
    "两端时钟之差只知在 {1} s 以内": "the clocks are known to agree within {1} s only",
    "{1}，时间窗边缘的报文无从判断": "{1}: messages at the edge of the window cannot be judged",
    "应答为 {1}": "the answer was {1}",
    "被拒后未以校正的时间重发": "refused, and not sent again with the corrected time",
    "时钟复原后的报文未以校正的时间送达": (
        "after the clock was set right again, no message came with the corrected time"
    ),
    "正确报文": "a correct message",
    "校验错误": "a wrong check",
    "未知标识": "an unknown identifier",
    "链路测试": "a link test",
    "密钥错误": "a wrong key",
    "不应答": "no answer",
    "明文": "in clear",
    "不能解密": "not decipherable",
    "ACK {1}": "ACK {1}",
    "{1}：应为 {2}，实为 {3}": "{1}: {2} was due, {3} came",
    "时间窗边缘的报文未试": "messages at the edge of the window were not tried",
    "链路静默超过 {1} s": "the link was silent for more than {1} s",
    "链路测试未获确认": "the link test was not acknowledged",
    "轮询期间误报失联": "a loss was reported while it was polled",
    "静默后未报失联": "the loss was not reported after silence",
    "收到报文后未恢复": "not restored after a message",
    "未获应答": "not answered",
    "被拒": "refused",
    "{1}的报文未重发": "{1} message: not sent again",
    "{1}；由 {2} 检测": "{1}; tested at {2}",
    "{1} 不向检测接警机报警": "{1} does not report to the receiver of the bench",
    "{1} 的接收机不是受检设备": "the receiver of {1} is not under test",
    "不向检测接警机报警": "does not report to the receiver of the bench",
    "的接收机不是受检设备": ": its receiver is not under test",
    "没有把 {1} 的报警送到检测接警机的联网链路": (
        "no link brings the alarms of {1} to the receiver of the bench"
    ),
    "{1} {2}，工程文件也没有可检测的链路": "{1} {2}, nor does the site file have a link that can be tested",
}

LINKAGE: Final = {
    "其他摄像机同时动作：{1}": "other cameras moved as well: {1}",
    "监视器显示的是其他画面": "the monitor showed another picture",
    "联动录像在触发前已在进行，无法判断": (
        "the linked recording ran before the stimulus: nothing can be told"
    ),
    "触发后目标未复位，只触发 {1} 次": "the target did not return to rest: stimulated {1} time(s) only",
    "第 {1} 次触发时": "at stimulus {1}",
    "{1} 在触发仍在时已结束": "{1} ended while its event lasted",
    "未设计的联动：{1}开始录像": "not designed: {1} began to record",
    "未设计的联动：{1}": "not designed: {1}",
    "监视器显示的不是设计联动的摄像机画面": "the monitor did not show the camera that the design links",
    "{1}：{2} s 内未执行": "{1}: not carried out within {2} s",
    "{1}设计值 {2} s": "{1} designed for {2} s",
    "超出：{1}": "beyond it: {1}",
    "与其他系统共用关键设备": "key equipment is shared with other systems",
    "平台停止后{1}": "after the platform was stopped: {1}",
    "平台恢复后{1}": "after the platform was back: {1}",
    "{1} 重新启动后未恢复应答": "{1} did not answer again after its restart",
    "{1}（服务器）": "{1} (server)",
    "{1}（客户端）": "{1} (client)",
    "未列入清单而见到的接口 {1}": "interface seen and not on the list: {1}",
    "未检接口：{1}": "interfaces not tested: {1}",
    "{1} 报警": "{1} alarm",
    "{1} 放行与强开报警": "{1} release and alarm when forced",
    "{1} 应答": "{1} answers",
    "{1} 未显示 {2} 报警": "{1} did not show the alarm of {2}",
    "{1}：有权凭证未释放门锁": "{1}: a credential with the right did not release the lock",
    "{1} 强行开门未报警": "{1}: forcing the door raised no alarm",
    "{1} 不应答": "{1} does not answer",
    "检测台不可达该平台，其停止无从证实": (
        "the bench does not reach this platform: its stop cannot be confirmed"
    ),
    "{1}，设计时限 {2} s": "{1}, {2} s by design",
    "{1} 对设计时限 {2} s 不能判定：{3}": "{1} cannot be judged by the designed {2} s: {3}",
    "未能观察是否误动作：{1}": "not watched for moving by mistake: {1}",
    "未设计的联动 {1}": "not designed: {1}",
    "目标错误：设计为 {1}，实际为 {2}": "wrong target: {1} by design, in fact {2}",
    "目标错误：设计为 {1}，{2}": "wrong target: {1} by design; {2}",
    "{1} s 内无动作": "nothing within {1} s",
    "未联动：{1}（{2}）": "not linked: {1} ({2})",
    "迟到：{1} {2}": "late: {1} {2}",
    "重复动作：{1} {2} 次": "repeated: {1} {2} times",
    "触发前已在动作": "active before the stimulus",
    "源防区未报警": "the source zone did not alarm",
    "源门未显示强行开门": "the source door was not shown as forced",
    "有权凭证未释放源门": "a credential with the right did not release the source door",
    "{1} 同时显示强行开门": "{1} shown as forced, too",
    "平台报出 {1}": "the platform reported {1}",
    "（无设备名）": "(no device named)",
    "没有时间": "without a time",
    "没有设备名": "without the name of a device",
    "平台 {1} 的事件{2}": "an event of platform {1} is {2}",
    "平台 {1} 的事件时间与检测台相差 {2}": "the times of platform {1} differ from the bench by {2}",
    "{1} h（似为时区不同）": "{1} h (like another time zone)",
}
