# SPDX-License-Identifier: Apache-2.0
"""Questions of the video suites: clocks, delay, network, diagnosis, picture, recordings, opinion."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

_CLOCKS: Final[dict[str, Text]] = {
    "clock.to_a_second": Text(
        "设备显示减时间基准显示（同一照片，各示整秒）",
        "Device display minus display of the time reference (on one photograph, both in whole seconds)",
    ),
    "clock.to_a_frame": Text(
        "设备显示减时间基准显示（同框录像不低于 25 帧/s，按两者秒跳变相差的帧数计）",
        "Device display minus display of the time reference (both on one film of at least 25 frames/s, by "
        "the frames between the changes of their seconds)",
    ),
    "clock.photo": Text(
        "设备显示与时间基准显示同框的照片或录像",
        "Photograph or film with the display of the device and that of the time reference in one frame",
    ),
    "left_alone": Text(
        "{device} 的自动校时是否已停用（观察结束后恢复）？",
        "Is the automatic correction of the clock of {device} switched off (until the end of the watch)?",
    ),
    "time_interval": Text(
        "母钟输出口与基准秒脉冲之差的绝对值",
        "Absolute difference between the output of the mother clock and the pulse of the reference",
    ),
    "display": Text(
        "同一段录像（不低于 25 fps）中子钟与母钟秒位跳变时刻之差的绝对值，整秒加上所数帧数",
        "Absolute difference between the moments at which slave and mother clock change to the same second, "
        "counted in frames of one video (25 fps or more)",
    ),
    "corrects": Text(
        "系统设置中是否有校时功能并已启用？",
        "Do the settings of the system have a clock correction, and is it enabled?",
    ),
    "corrected": Text(
        "最近一次自动校时的时间及出处（日志、界面截图编号；没有写“无”）",
        "Time of the last automatic correction, and where it is seen (log, screenshot; else “none”)",
    ),
    "daily": Text(
        "设置或日志是否表明至少每天自动校时一次？",
        "Do settings or logs show an automatic correction at least once a day?",
    ),
}

_DELAY: Final[dict[str, Text]] = {
    "timecode": Text(
        "视野内没有继电器驱动的发光二极管。是否改用屏幕时间码：用 yanshou timecode 写出网页，"
        "在运行本程序的这台电脑上全屏显示，并使其清晰地出现在该摄像机画面中"
        "（回答后有 {seconds:g} s 切换到网页）？",
        "No LED on a relay is in view. Do you use the screen time code instead: write the page with "
        "yanshou timecode, show it in full screen on this computer, and let the camera see it clearly "
        "(you have {seconds:g} s after answering to switch to the page)?",
    ),
    "direct": Text(
        "摄像机是否与检测电脑直连（其间无其他网络设备）？",
        "Is the camera connected directly to this computer (no network device between them)?",
    ),
    "upper_centre": Text("检测电脑是否接在上级监控中心？", "Is this computer connected at the upper centre?"),
    "signalling": Text(
        "抓包得到的平台信令：连续 10 次请求到应答时间中的最大值",
        "Signalling of the platform in a packet capture: the longest of ten times from request to answer",
    ),
    "signalling_photo": Text(
        "抓包列表中各次请求与应答的时刻（截图）",
        "Times of these requests and answers in the capture (screenshot)",
    ),
}

_NETWORK: Final[dict[str, Text]] = {
    "synchronised": Text(
        "摄像机侧是否有经 PTP/GNSS 同步、可作单向时延测量的对端主机？",
        "Is there a host beside the camera, synchronised by PTP or GNSS, that can measure one-way delay?",
    ),
    "centre_test": Text(
        "两个监控中心间吞吐测试的两端主机、工具与版本、方向、起止时刻",
        "Throughput test between the two centres: hosts, tool and version, direction, begin and end",
    ),
    "centre_steady": Text(
        "是否为单条 TCP 流（如 iperf3 -P 1），持续不短于 60 s？",
        "Was it one TCP stream (e.g. iperf3 -P 1) of at least 60 s?",
    ),
    "centre_bandwidth": Text(
        "接收端报出的全程平均吞吐；两个方向都测的取较小者",
        "Mean throughput of the whole test as the receiver reports it; the smaller one of two directions",
    ),
    "centre_photo": Text(
        "测试工具接收端的结果（截图或照片）", "Result at the receiver of the tool (screenshot or photograph)"
    ),
    "headroom_path": Text(
        "所查链路的两端、设备端口与统计起止时刻（含业务最忙时段，不短于 24 h）",
        "Both ends of the link, the port, begin and end of the count (with the busiest hours, at least 24 h)",
    ),
    "capacity": Text(
        "该链路的可用容量（实测吞吐，或合同约定速率）",
        "Capacity of this link (measured throughput, or the rate of the contract)",
    ),
    "busiest": Text("统计期内最忙一分钟的平均流量", "Mean traffic of the busiest minute of the count"),
    "minute": Text("该流量是否为 1 min（或更短）的平均值？", "Is this traffic a mean over 1 min (or less)?"),
    "headroom_photo": Text(
        "端口流量统计（截图或照片）", "Traffic count of the port (screenshot or photograph)"
    ),
    "access_bandwidth": Text("设计文件给出的接入带宽", "Access bandwidth stated in the design document"),
}

_DIAGNOSIS: Final[dict[str, Text]] = {
    "diagnosis.camera": Text(
        "制造“{fault}”所用的摄像机位号", "Id of the camera at which the fault “{fault}” is made"
    ),
    "diagnosis.reported": Text(
        "{camera}：{how}。平台是否报出“{fault}”？", "{camera}: {how}. Does the platform report “{fault}”?"
    ),
    "diagnosis.gone": Text(
        "{camera}：恢复原状后，平台是否不再报“{fault}”？",
        "{camera} put back to normal: does the platform no longer report “{fault}”?",
    ),
    "fault.brightness": Text("亮度异常", "wrong brightness"),
    "how.brightness": Text(
        "强光照射镜头或关闭照明", "Shine a strong light into the lens, or switch the light off"
    ),
    "fault.occlusion": Text("画面遮挡", "occlusion"),
    "how.occlusion": Text("用不透明物遮住镜头的一半以上", "Cover more than half of the lens"),
    "fault.blur": Text("画面模糊", "blur"),
    "how.blur": Text("调离焦点或在镜头前放磨砂片", "Defocus, or hold frosted film before the lens"),
    "fault.snow_noise": Text("雪花噪声", "snow"),
    "how.snow_noise": Text(
        "在极低照度下加大增益，或接入含噪信号", "Raise the gain in very low light, or feed a noisy signal in"
    ),
    "fault.colour_cast": Text("偏色", "colour cast"),
    "how.colour_cast": Text("在镜头前放单色滤光片", "Hold a coloured filter before the lens"),
    "fault.stripes": Text("条纹干扰", "stripes"),
    "how.stripes": Text(
        "接入含条纹的信号，或在镜头前放条纹图", "Feed a striped signal in, or hold stripes before the lens"
    ),
    "fault.signal_loss": Text("信号丢失", "loss of signal"),
    "how.signal_loss": Text("断开摄像机的网线或视频线", "Unplug the network or video cable of the camera"),
    "fault.freeze": Text("画面冻结", "frozen picture"),
    "how.freeze": Text("接入静止画面信号", "Feed a still picture in"),
    "fault.shake": Text("画面抖动", "shaking picture"),
    "how.shake": Text("持续晃动摄像机或其支架", "Shake the camera or its mount without a break"),
    "fault.scene_change": Text("画面突变", "changed scene"),
    "how.scene_change": Text("将摄像机转向另一场景", "Turn the camera to another scene"),
    "fault.ptz_fault": Text("云台运动异常", "fault of pan and tilt"),
    "how.ptz_fault": Text("控制云台转动的同时使其不能转动", "Command the head to turn while it is held fast"),
    "loss": Text(
        "断开该路视频信号后，平台是否发出视频丢失报警？",
        "Video signal of this channel disconnected: does the platform raise an alarm of video loss?",
    ),
    "loss_time": Text(
        "断开网线至报信号丢失的时间（秒表）",
        "Time from the unplugged cable to the report of lost signal (stopwatch)",
    ),
    "freeze_frames": Text(
        "平台设置：判定冻结的连续帧数",
        "Setting of the platform: consecutive frames after which a picture is frozen",
    ),
    "freeze_similarity": Text(
        "平台设置：判定冻结的相似度", "Setting of the platform: likeness above which a picture is frozen"
    ),
    "period": Text(
        "平台设置：互连监测周期", "Setting of the platform: period of the monitoring of interconnections"
    ),
    "fault_time": Text(
        "断开互连至平台通报的时间（秒表）",
        "Time from the cut interconnection to the platform's report (stopwatch)",
    ),
    "layout_document": Text(
        "所依据的字符设置文件及版本",
        "Document that prescribes the characters of the picture, and its version",
    ),
    "layout": Text(
        "画面字符的位置、顺序和大小是否符合 {document}？",
        "Are place, order and size of the characters of the picture as {document} prescribes?",
    ),
    "preset_return": Text(
        "停止操作至回到预置位的时间（秒表）",
        "Time from the last command to the return to the preset (stopwatch)",
    ),
    "preset_return.others": Text(
        "回到预置位的过程中，其他摄像机中动作的有哪些（设备编号，用逗号分开；没有填“无”）？",
        "Which other cameras moved meanwhile (device ids, separated by commas; none: -)?",
    ),
    "moved.which": Text(
        "动作的其他摄像机有哪些（设备编号，用逗号分开）？",
        "Which other cameras moved (device ids, separated by commas)?",
    ),
    "moved.unseen": Text(
        "请同时打开其他带云台摄像机的画面：{cameras}。其中看不到画面的有哪些（用逗号分开；没有填“无”）？",
        "Open the pictures of the other cameras that can move, too: {cameras}. Which of them cannot be seen "
        "(separated by commas; none: -)?",
    ),
    "horizontal_angle": Text(
        "光轴与目标运动方向的水平夹角",
        "Horizontal angle between the optical axis and the direction in which targets move",
    ),
}

_PICTURE: Final[dict[str, Text]] = {
    "sequence": Text(
        "是否已将{sequence}以原始尺寸、逐点、不缩放地送入 {device} 的视频输入并循环播放？",
        "Is {sequence} played in a loop into the video input of {device}, in its own size, dot by "
        "dot, not scaled?",
    ),
    "sequence.own": Text(
        "yanshou chart --sequence 写出的参考序列",
        "the reference sequence written by yanshou chart --sequence",
    ),
    "chart": Text(
        "图卡是否已平整置于 {device} 的视场内并照明均匀？",
        "Does the chart lie flat in the view of {device}, evenly lit?",
    ),
    "chart_light": Text(
        "{device} 前图卡处光源的色温（灯具标称值或色温计读数）",
        "Colour temperature of the light on the chart before {device} (stated on the lamps, or read)",
    ),
    "dimmed": Text(
        "是否已将 {device} 前图卡的照度调到仍称可用图像的低照度，且降噪、增益状态已记录？",
        "Is the light on the chart before {device} turned down to the lowest that is still called "
        "usable, and are noise reduction and gain written down?",
    ),
    "illuminance": Text(
        "目标平面处的照度，图像评价时同时读取",
        "Illuminance in the target plane, read while the picture is judged",
    ),
    "scene": Text("场景处的照度", "Illuminance in the scene"),
    "declared": Text("摄像机说明书标称的最低照度", "Minimum illuminance stated in the camera's data sheet"),
    "mode": Text(
        "光圈 F 值、快门、增益与彩色/黑白模式（快门不长于 40 ms，关闭慢快门）",
        "F-number, shutter, gain, colour or monochrome (shutter at most 40 ms, slow shutter off)",
    ),
    "minimum": Text(
        "图卡黑白对比降至标准照度下的 30 % 时，图卡处的照度",
        "Illuminance on the chart when its contrast has fallen to 30 % of that in standard light",
    ),
    "shutter": Text(
        "最低照度试验时摄像机设置的最长曝光时间",
        "Longest exposure set in the camera during the test of minimum illumination",
    ),
    "low_light": Text(
        "仍称可用图像的低照度下，图卡处的照度",
        "Illuminance on the chart in the low light that is still called usable",
    ),
    "rod": Text(
        "在最远目标处水平横置 1 m 标杆，读取画面中标杆两端之间的像素数",
        "Rod of 1 m held level at the farthest target: pixels between its ends in the picture",
    ),
    "eyes": Text(
        "工作距离处人脸图卡两眼中心间的像素数",
        "Pixels between the centres of the eyes of the face chart at the working distance",
    ),
    "target": Text(
        "重点区域目标（人脸、人体或车牌）的像素数",
        "Pixels across the target of the key area (face, body or plate)",
    ),
    "angle": Text("摄像机光轴与水平面的夹角", "Angle between the camera's optical axis and the horizontal"),
    "face_target": Text(
        "C 级试验所用目标板高度是否为 0.23 m？", "Is the board used for the test of class C 0.23 m high?"
    ),
    "ir_distance": Text(
        "仅用摄像机自带红外光时，目标仍满足对比要求的最远距离",
        "Largest distance at which the target has its contrast with the camera's own infrared light alone",
    ),
    "standard_light": Text(
        "客观测试时图卡照度是否符合标准规定？",
        "Was the light on the chart as the standard prescribes during the objective tests?",
    ),
    "certificates": Text(
        "所用仪器是否均有有效的计量证书？", "Do all instruments used have a valid calibration certificate?"
    ),
    "analogue": Text(
        "GA/T 367 的数值是否未用于网络摄像机和网络录像设备？",
        "Were the figures of GA/T 367 kept off network cameras and network recorders?",
    ),
    "recorder_class": Text(
        "型式检验报告是否表明该录像设备为 II 类或 III 类、A 级图像？",
        "Does the type test report state class II or III and grade A for this recorder?",
    ),
    "conditions": Text(
        "曝光锁定、同一场景、主码流；关键帧量化参数与所用分析软件及版本",
        "Exposure locked, one scene, main stream; quantiser of the key frames, analysis software and version",
    ),
    "dynamic_range": Text(
        "透射式灰阶靶测得的动态范围（20 lg，时域信噪比为 1 处）",
        "Dynamic range by the transmissive grey-step target (20 lg, to where the temporal S/N is 1)",
    ),
    "video_dynamic_range": Text(
        "压缩码流单一场景内测得的视频动态范围（20 lg，曝光锁定）",
        "Video dynamic range within one scene of the compressed stream (20 lg, exposure locked)",
    ),
    "veiling_glare": Text(
        "亮背景中黑阱的线性亮度与背景亮度之比",
        "Linear luminance of the black trap in the bright surround over that of the surround",
    ),
    "evaluated_picture": Text("所评价画面的原始图像文件", "Original file of the picture that was evaluated"),
    "video_amplitude": Text(
        "75 Ω 终接时复合视频信号的峰峰值（含同步头，白场画面）",
        "Peak-to-peak value of the composite signal into 75 Ω (with sync, white field)",
    ),
    "snr_random": Text(
        "亮度信号 0.7 V 对随机噪声有效值的信噪比", "S/N of 0.7 V of luma to the r.m.s. of the random noise"
    ),
    "snr_single_frequency": Text(
        "亮度信号对最强单频干扰幅度的信噪比", "S/N of luma to the strongest single frequency"
    ),
    "snr_mains": Text(
        "亮度信号对电源干扰（50 Hz 及谐波）幅度的信噪比",
        "S/N of luma to the hum of the mains (50 Hz and harmonics)",
    ),
    "snr_impulse": Text("亮度信号对脉冲干扰幅度的信噪比", "S/N of luma to impulsive interference"),
    "wedge": Text(
        "回放综合测试卡的录像，在监视器上读取画面中心水平楔形的极限分辨力",
        "Recording of the composite card played back: limiting resolution of the wedge in the middle, "
        "read on the monitor",
    ),
}

_RECORDINGS: Final[dict[str, Text]] = {
    "release_delete": Text(
        "是否同意试删 {camera} 的录像？设备若允许，录像将被删除。",
        "Do you agree that deleting recordings of {camera} is tried? If the device allows it, they are gone.",
    ),
    "edit": Text("是否有任何角色能够修改已存录像或记录？", "Can any role edit stored recordings or records?"),
    "delete": Text(
        "是否有任何角色能够提前删除已存录像或记录？",
        "Can any role delete stored recordings or records before their time?",
    ),
    "viewed": Text(
        "本次检测于 {began:%Y-%m-%d %H:%M:%S} 以用户 {user} 查看并复制了"
        " {camera} 自 {at:%Y-%m-%d %H:%M:%S} 起的录像（{n} 段）。",
        "At {began:%Y-%m-%d %H:%M:%S} this test viewed and copied as user {user} the recording of {camera} "
        "from {at:%Y-%m-%d %H:%M:%S} on ({n} parts).",
    ),
    "viewed.nobody": Text("（未记名）", "(no name)"),
    "viewing.person": Text(
        "{done}查看、复制登记中是否有：查看人员身份？",
        "{done} Does the register of viewing and copying state who viewed?",
    ),
    "viewing.reason": Text(
        "{done}查看、复制登记中是否有：查看事由？",
        "{done} Does the register of viewing and copying state the reason?",
    ),
    "viewing.period": Text(
        "{done}查看、复制登记中是否有：信息起止段？",
        "{done} Does the register of viewing and copying state from when to when the recording is?",
    ),
    "stamp_place": Text(
        "回放画面上是否清楚可见：图像编号或地址？", "Can the number or address be read on the played picture?"
    ),
    "stamp_date": Text("回放画面上是否清楚可见：日期？", "Can the date be read on the played picture?"),
    "stamp_time": Text("回放画面上是否清楚可见：时间？", "Can the time be read on the played picture?"),
}

_OPINION: Final[dict[str, Text]] = {
    "assessor.name": Text("第 {number} 名评价人姓名", "Name of assessor {number}"),
    "assessor.trade": Text("第 {number} 名评价人：专业或非专业", "Assessor {number}: expert or lay"),
    "assessor.trade.expert": Text("专业人员", "expert"),
    "assessor.trade.lay": Text("非专业人员", "lay person"),
    "grade.clip": Text(
        "第 {number} 名评价人：第 {place} 段活动图像评几分？（用本机播放器全屏观看，独立打分）",
        "Assessor {number}: which mark for clip {place}? (watched in full screen on this computer, "
        "marked alone)",
    ),
    "grade.playback": Text(
        "第 {number} 名评价人：回放画面评几分？", "Assessor {number}: which mark for the played pictures?"
    ),
    "grade.5": Text("图像上不觉察有损伤或干扰存在", "imperceptible"),
    "grade.4": Text("有稍可觉察的损伤或干扰，但并不讨厌", "perceptible, but not annoying"),
    "grade.3": Text("有明显觉察的损伤或干扰，有些令人讨厌", "slightly annoying"),
    "grade.2": Text("损伤或干扰较严重，令人相当讨厌", "annoying"),
    "grade.1": Text("损伤或干扰极严重，不能观看", "very annoying"),
}

VIDEO: Final[dict[str, Text]] = {
    **_CLOCKS,
    **_DELAY,
    **_NETWORK,
    **_DIAGNOSIS,
    **_PICTURE,
    **_RECORDINGS,
    **_OPINION,
}
