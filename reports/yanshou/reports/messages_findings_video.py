# SPDX-License-Identifier: Apache-2.0
"""What suites and evaluations say in Chinese of video, clocks and recordings, in English.

``{1}`` is what the sentence took from the site file or a device.
"""

from __future__ import annotations

from typing import Final

VIDEO: Final = {
    "没有可解码的画面": "no picture could be decoded",
    "最近一次校时：{1}": "latest setting of the clock: {1}",
    "没有启用的校时功能": "no setting of the clock is switched on",
    "不足每天一次": "less than once a day",
    "恢复后仍报": "still reported after it was mended",
    "未报出": "not reported",
    "断开信号后未报警": "no alarm after the signal was disconnected",
    "字符布局不符合 {1}": "the characters do not stand as {1} has it",
    "本机回预置位时 {1} 也动作": "{1} moved as well when it went back to its preset",
    "流量取自长于 1 min 的平均，最忙一分钟只会更大，余量偏大": (
        "the traffic is a mean over more than 1 min: the busiest minute is higher, and the margin less"
    ),
    "评价人不足 {1} 名": "fewer than {1} assessors",
    "图像编号或地址": "number or place of the picture",
    "日期": "date",
    "时间": "time",
    "网络命令 {1} 被接受": "the command {1} was accepted over the network",
    "信息起止段": "period",
    "查看事由": "reason of the viewing",
    "查看人员身份": "identity of the viewer",
    "无{k1}": "without {1}",
    "自动校时未停用，测得的不是走时日差": (
        "automatic setting was not switched off: what was measured is not the rate of the clock"
    ),
    "本次检测期间走时不均匀（{1} s），曾被校正": (
        "the clock ran unevenly during the test ({1} s): it was corrected"
    ),
    "{1} 偏差最大": "{1} is off most",
    "{1} 无接口，显示未能读取": "{1} without an interface, the display could not be read",
    "{1} 的时钟未能读取": "the clock of {1} could not be read",
    "发光二极管": "LED",
    "屏幕时间码": "time code on a screen",
    "无日期和时间": "no date and time",
    "画面时钟停走（{1}）": "the clock in the picture stands still ({1})",
    "但画面中有不能判读的文字（{1}）": "but there is text in the picture that is not legible ({1})",
    "但画面中有会掩盖白色文字的过亮区域": "but a part is so bright that white text cannot be seen on it",
    "日期时间读数不一致或不完整（{1}）": "readings of date and time differ or are not whole ({1})",
    "未见标识“{1}”": "the mark “{1}” was not seen",
    "所见文字：{1}": "characters seen: {1}",
    "标识应为“{1}”，读作“{2}”": "the mark should be “{1}” and reads “{2}”",
    "画面无时钟": "no clock is in the picture",
    "只收到 {1} s 的画面，不足以读出走动的时钟": "only {1} s of picture: too short to read a running clock",
    "画面时钟不可读（{1}）": "the clock in the picture cannot be read ({1})",
    "观察期间画面时钟走动不足两次": (
        "the clock in the picture moved fewer than two times while it was watched"
    ),
    "画面时钟处于夏令时切换的一小时内，不能确定其时刻": (
        "the clock in the picture is in the hour in which daylight saving changes: its moment is not certain"
    ),
    "观察 {1} h，读数 {2} 次，偏差由 {3} s 至 {4} s": (
        "watched for {1} h, {2} readings, from {3} s to {4} s off"
    ),
    "观察期间走时不均匀（两次读数之间另有 {1} s 的变化）：时钟或基准被校正，不是走时日差": (
        "the clock ran unevenly ({1} s more between two readings): clock or reference was corrected, and "
        "this is not the rate of the clock"
    ),
    "观察 {1} h 太短，U = {2} 不足以判定（两端读数的 U 至 {3} s；检测用计算机或网络繁忙时读数的 U 会变大）": (
        "{1} h are too short, U = {2} does not allow a verdict (U of the readings at both ends up to {3} s; "
        "it grows where computer or network are busy)"
    ),
    "{1} 的宽或高不足 {2}，按其所含的规格计": (
        "{1} is narrower or lower than {2} and counts as the format that it contains"
    ),
    "黑屏": "black picture",
    "白屏": "white picture",
    "蓝屏": "blue picture",
    "无内容的单色画面": "a picture of one colour without content",
    "时间戳不前进": "the time stamps do not advance",
    "画面尺寸 {1} 与验收时 {2} 不同": "the picture has {1} and had {2} when it was accepted",
    "至": "to",
    "画面没有色度，不能判断偏色": "the picture has no colour: a cast cannot be told",
    "画面中央的响应在可测频率内未降至 10 %，边缘与中央之比未知": (
        "the response in the centre does not fall to 10 % at any frequency that can be measured: the ratio "
        "of edge to centre is not known"
    ),
    "图卡无有效校准证书，灰阶与颜色仅供参考": (
        "the chart has no valid certificate: greys and colours are indicative only"
    ),
    "报文编号中途重新开始 {1} 次，其间是否丢失报文不明": (
        "the numbers of packets began anew {1} times: whether packets were lost then is not known"
    ),
    "报文编号中途重新开始": "the numbers of packets began anew",
    "另有 {1} 个报文的载荷类型或来源未经声明，未计入": (
        "{1} packets of a payload type or source that was not declared are not counted"
    ),
    "{1} 个 NAL 单元或分片无法识别": "{1} NAL units or fragments could not be recognised",
    "解码的画面中 {1} 幅已损坏或参照了损坏的画面，未采用": (
        "of the decoded pictures, {1} are damaged or refer to a damaged one and are not used"
    ),
    "解码的画面中 {1} 已损坏，不能计为画面": (
        "{1} of the decoded pictures are damaged, and do not count as pictures"
    ),
    "到达时刻离散，时间戳的帧率只能核对到 ±{1}（须延长观察）": (
        "the arrivals scatter: the rate by time stamps could be checked to ±{1} only (watch for longer)"
    ),
    "解码的画面中 {1} 已损坏，计入了帧数": (
        "{1} of the decoded pictures are damaged, and were counted as frames"
    ),
    "{1} 解码的画面中 {2} 幅已损坏或参照了损坏的画面，未采用": (
        "of the decoded pictures of {1}, {2} are damaged or refer to a damaged one and are not used"
    ),
    "本机操作系统不提供 UDP 校验和错误计数，测不出包误差率": (
        "this operating system does not count wrong UDP checksums: the rate of broken packets cannot be "
        "measured"
    ),
    "码流含 B 帧：时间戳为显示时刻而发送按解码顺序，得不出路径的时延抖动": (
        "the stream has B frames, stamped by display and sent in the order of decoding: no jitter of the "
        "path can be worked out"
    ),
    "关闭 B 帧后再测": "switch B frames off and test again",
    "两端时钟未同步，以应用层往返时间（RTSP OPTIONS，含摄像机处理时间）的一半作估算": (
        "the clocks are not synchronised: half the round trip of RTSP OPTIONS, with the camera's own time"
    ),
    "摄像机不发送 RTCP 发送方报告，得不出码流年龄": (
        "the camera sends no RTCP sender reports: the age of the stream cannot be worked out"
    ),
    "年龄 {1} s 不合情理：发送方报告所用的不是设备显示的时钟": (
        "an age of {1} s cannot be: the sender reports do not use the clock that the device shows"
    ),
    "没有收到完整的帧": "no whole frame came",
    "画面是否实时只在所观察的 {1} s 内核对：更长的循环播放、仅在画面静止时重复的画面不能识别": (
        "whether pictures are live was looked at within the {1} s watched only: a longer loop, or pictures "
        "repeated while nothing moves, are not found"
    ),
    "末帧之后 {1} s 无画面": "no picture for {1} s after the last frame",
    "时间戳帧率 {1} 与到达帧率 {2} 不一致": "rate by time stamps {1}, by arrival {2}",
    "{1} 帧的时间戳与相邻各帧相差 {2} s 以上，未计入": (
        "{1} frames are stamped more than {2} s away from their neighbours and are not counted"
    ),
    "{1} 帧的码流与前一帧逐位相同：同一画面以新的时间戳重复发送": (
        "the data of {1} frames is that of the frame before: the same picture was sent again with a new time"
    ),
    "只有 {1} 的画面与前一幅不同：须有活动物入镜，否则分不清重复发送与静止画面": (
        "{1} of the pictures only differ from the one before: something has to move in view, else pictures "
        "sent again look like a still scene"
    ),
    "活动物在 {1} 的画面中停住而前后各幅中移动：这些画面重复前一幅": (
        "what moves stands still in {1} of the pictures and moves before and after: they repeat the one "
        "before"
    ),
    "两种读取器不一致：本机 {1} fps，{2} {3} fps": "the readers differ: this one {1} fps, {2} {3} fps",
    "编码": "code",
    "会话描述的编码": "code of the session description",
    "编码档次": "profile",
    "分辨率": "resolution",
    "帧率": "frame rate",
    "关键帧间隔": "interval of key frames",
    "码率": "bit rate",
    "没有可解码的关键帧，无从比较": "no key frame could be decoded: nothing can be compared",
    "设备未声明码流参数": "the device does not declare the parameters of its stream",
    "设备声明 {1}": "the device declares {1}",
    "{1} {2}，声明 {3}": "{1} {2}, declared {3}",
    "声明 {1}": "declared {1}",
    "本机接收缓冲区溢出，自己丢弃了 {1} 个报文：所缺报文不能归于设备": (
        "the buffer of this computer overflowed and dropped {1} packets: what is missing cannot be held "
        "against the device"
    ),
    "本机网卡或协议栈同时丢弃了 {1} 个报文：分不清所缺报文丢在何处": (
        "this computer dropped {1} packets at the same time: where packets were lost cannot be told"
    ),
    "本机接收缓冲区曾接近占满，而操作系统不提供溢出计数：分不清所缺报文丢在何处": (
        "the buffer of this computer was nearly full, and the system does not count overflows: where packets "
        "were lost cannot be told"
    ),
}

RECORDED: Final = {
    "投用前": "before it was put into use",
    "概要称有 {1} 路录像，列表有 {2} 路": "the summary states {1} recordings, the list has {2}",
    "概要称最早 {1}Z，列表最早 {2}Z": "the summary states {1}Z as the oldest, the list {2}Z",
    "最早": "the oldest",
    "应保存期起点": "begin of the period to be kept",
    "缺口前沿": "before a gap",
    "缺口后沿": "after a gap",
    "抽样": "drawn",
    "未停止而重新开始处": "where it began anew without a stop",
    "另一日同一钟点": "the same hour of another day",
    "可回放": "can be played",
    "画面无时间标记": "the picture has no mark of its time",
    "画面时间不符": "the time of the picture is another",
    "画面属于其他通道": "the picture is of another channel",
    "与另一时刻为同一画面": "the picture is that of another time",
    "不能回放": "cannot be played",
    "画面均已损坏": "all pictures are damaged",
    "回放的画面有损坏的（未采用），其余画面正常，其间的录像是否完整未证实": (
        "some of the pictures played back are damaged (not used), others are not: whether what is between is "
        "whole is not shown"
    ),
    "{1} 回放的画面有损坏的（未采用），其余画面正常，其间的录像是否完整未证实": (
        "{1}: some of the pictures played back are damaged (not used), others are not: whether what is "
        "between is whole is not shown"
    ),
    "未能测得码率，无法推算": "the bit rate could not be measured: nothing can be estimated",
    "存储容量未给出，未推算": "the capacity is not stated: not estimated",
    "人员未放行": "not released by a person",
    "现场未允许 record_delete": "the site does not allow it",
    "存满后{1}": "when full: {1}",
    "覆盖策略未给出": "what happens when full is not stated",
    "按容量与实测码率推算约 {1} d ± {2} d（估计值，不作结论，覆盖策略未给出）": (
        "by capacity and measured bit rate about {1} d ± {2} d (an estimate and no verdict; what happens "
        "when full is not stated)"
    ),
    "按容量与实测码率推算约 {1} d ± {2} d（估计值，不作结论，存满后{3}）": (
        "by capacity and measured bit rate about {1} d ± {2} d (an estimate and no verdict; when full: {3})"
    ),
    "按容量与实测码率推算约 {1} d ± {2} d（估计值，不作结论{3}）": (
        "by capacity and measured bit rate about {1} d ± {2} d (an estimate and no verdict{3})"
    ),
    "录像清单有无法解析的内容，是否缺录不明：{1}": (
        "the list of recordings cannot be read in full, whether any is missing is not known: {1}"
    ),
    "{1} 未停止而重新开始录像，之前的一段不能回放，缺录长度不明": (
        "{1} began to record anew without a stop, and the part before cannot be played: how much is missing "
        "is not known"
    ),
    "{1} 缺录共 {2} h": "{1}: {2} h are missing in all",
    "{1} 回放途中丢包，{2} 帧不完整，不能归于录像": (
        "{1}: packets were lost at playback, {2} frames are not whole, which cannot be held against the "
        "recording"
    ),
    "{1} 请求回放 {2} s，只有 {3} s，不足以得出帧率": (
        "{1}: {2} s of playback were asked for and {3} s came, too few for a frame rate"
    ),
    "{1} 请求 {2} 的录像，回放的画面标记为 {3}": (
        "{1}: the recording of {2} was asked for, the pictures played are stamped {3}"
    ),
    "{1} 请求 {2} 的录像，回放画面中的时钟为 {3}": (
        "{1}: the recording of {2} was asked for, the clock in the pictures played shows {3}"
    ),
    "{1} 请求 {2} 的录像，回放画面中的时钟不是请求的时间": (
        "{1}: the recording of {2} was asked for, the clock in the pictures played shows another time"
    ),
    "{1} 回放的画面与 {2} 的实时画面同一视场": "{1}: what was played has the same view as {2} shows live",
    "{1} 的回放画面不带时间标记，也未识读到叠加时间，不能证明是请求的录像": (
        "{1}: the pictures played carry no time and none can be read in them, so they may not be the "
        "recording asked for"
    ),
    "{1} 请求导出 {2} s，只有 {3} s，其余未比较": (
        "{1}: {2} s were to be exported and {3} s came; the rest was not compared"
    ),
    "{1} 回放的轨道 {2} 不是其视频轨道": "{1}: the track {2} that was played is not that of its video",
    "{1} 应答以 {2} 倍速回放（未要求），所发不是全部画面": (
        "{1}: it answered that it plays at {2} times the speed, unasked, so not every picture was sent"
    ),
    "{1} 时间戳帧率 {2} 与标记时间帧率 {3} 不一致": ("{1}: rate by time stamps {2}, by the marked times {3}"),
    "{1} 录像{2}": "{1}, recording: {2}",
    "{1} 最低": "{1} is the lowest",
    "否": "no",
    "是": "yes",
    "{1} 两次导出不一致": "{1}: two exports differ",
    "{1} 无录像": "{1} has no recordings",
    "{1} 不超过 {2} s 的缺录合计 {3} h，超过应保存期的 {4} %，一并计入": (
        "{1}: gaps of no more than {2} s are {3} h in all, more than {4} % of the period, and are counted"
    ),
    "{1} 应保存期内缺录 {2} 段，共 {3} h": "{1}: {2} gaps in the period to be kept, {3} h in all",
    "{1} {2} 个时刻列出但{3}，最近 {4}": "{1}: {2} times are listed, but: {3}; the latest {4}",
    "{1}（实为 {2}）": "{1} (in fact {2})",
    "的回放画面不带时间标记（0xABAC），画面时间未证实": (
        ": the pictures played back have no mark of their time (0xABAC), which is not shown"
    ),
    "{1} 的回放画面不带时间标记（0xABAC），画面时间未证实": (
        "{1}: the pictures played back have no mark of their time (0xABAC), which is not shown"
    ),
    "的各日回放画面逐比特相同且本身静止，不能证明为各日所录": (
        ": pictures of all days are the same bit by bit and still: not shown to be of these days"
    ),
    "各日的回放画面逐比特相同且本身静止，不能证明为各日所录": (
        "pictures of all days are the same bit by bit and still: not shown to be of these days"
    ),
    "应保存期内全部为申报的停录，没有可检测的录像": (
        "all of the required time is declared as stopped: there is no recording to test"
    ),
    "{1} 应保存期内全部为申报的停录，没有可检测的录像": (
        "{1} all of the required time is declared as stopped: there is no recording to test"
    ),
    "{1} 各日的回放画面逐比特相同且本身静止，不能证明为各日所录": (
        "{1}: pictures of all days are the same bit by bit and still: not shown to be of these days"
    ),
    "投用不足 {1} d，投用以来 {2} d 全程有录像": ("in use for less than {1} d, and recorded all {2} d since"),
    "未推算": "not estimated",
    "（边沿有数秒偏差）": " (the edges are some seconds off)",
    "其 UTC 字段超前 {1} h，与其当地时间之差相符：当地时间被标作 UTC（余 {2} s）": (
        "its UTC is {1} h ahead, as its local time is: local time marked as UTC ({2} s remain)"
    ),
    "录像机时钟未能读取：{1}": "the clock of the recorder could not be read: {1}",
    "{1} 处在多路同时回放时未能证实，以单独重放的结果为准": (
        "{1} could not be shown while several were played at once; what holds is each played alone"
    ),
}
