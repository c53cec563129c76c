# SPDX-License-Identifier: Apache-2.0
"""The titles, axes and notes of all figures, in Chinese and English."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

FIGURE_MESSAGES: Final = {
    "fig.mtf.centre": Text("中心", "centre"),
    "fig.mtf.left-top": Text("左上", "top left"),
    "fig.mtf.right-top": Text("右上", "top right"),
    "fig.mtf.left-bottom": Text("左下", "bottom left"),
    "fig.mtf.right-bottom": Text("右下", "bottom right"),
    "fig.mtf.frequency": Text("空间频率，周/像素", "spatial frequency, cy/px"),
    "fig.mtf.response": Text("响应（水平方向）", "response, horizontal"),
    "fig.mtf.places": Text("各边缘区域及其 MTF50，周/像素", "regions of the edges with MTF50, cy/px"),
    "fig.grey.step": Text("灰阶序号（1 白，11 黑）", "grey step (1 white, 11 black)"),
    "fig.grey.code": Text("亮度码值", "luma code"),
    "fig.grey.count": Text(
        "可分辨灰阶 {steps} 级（误差线：2 倍噪声；×：不能分辨）",
        "{steps} greys distinguished (bars: twice the noise; ×: not distinguished)",
    ),
    "fig.snr.temporal": Text("时域噪声", "noise in time"),
    "fig.snr.fixed": Text("固定图形噪声", "fixed pattern noise"),
    "fig.snr.here": Text("信噪比取值处", "where the ratio is taken"),
    "fig.snr.noise": Text("标准差，码值", "standard deviation, codes"),
    "fig.delta_e": Text(
        "外：证书值　内：实拍　数字：ΔE00（平均 {mean}；中灰 a* {a}，b* {b}）",
        "outside: certificate, inside: as photographed, number: ΔE00 (mean {mean}; greys a* {a}, b* {b})",
    ),
    "fig.distortion": Text(
        "镜头畸变 {percent} % 画面高（放大 5 倍绘出）",
        "distortion {percent} % of picture height (drawn 5 times as strong)",
    ),
    "fig.linkage": Text(
        "联动矩阵：源（行）、目标（列）", "linkage matrix: sources in rows, targets in columns"
    ),
    "fig.linkage.right": Text("符合", "as designed"),
    "fig.linkage.late": Text("迟到", "late"),
    "fig.linkage.twice": Text("重复动作", "twice"),
    "fig.linkage.wrong": Text("目标错误", "wrong target"),
    "fig.linkage.missing": Text("未联动", "missing"),
    "fig.linkage.beside": Text("另有误动作", "others too"),
    "fig.linkage.unknown": Text("源未显示", "source not shown"),
    "fig.linkage.undesigned": Text("未设计的联动", "not designed"),
    "fig.hist": Text("全部观测值", "all observations"),
    "fig.hist.beyond": Text("全部观测值（限值在图外，见右图）", "all observations (limit: see right)"),
    "fig.devices": Text("各设备检测值 ± U", "value ± U by device"),
    "fig.undrawn": Text(
        "测得的图形（{kind}）本版本不能绘制", "this version cannot draw the measured figure ({kind})"
    ),
    "fig.limit": Text("限值", "limit"),
    "fig.how_many": Text("次数", "how many"),
    "fig.each": Text("各次", "each"),
    "fig.delay_ms": Text("延迟 / ms", "delay, ms"),
    "fig.reader": Text("其中读取与解码 {ms} ms", "of it reading and decoding {ms} ms"),
    "fig.stream.said": Text("ONVIF 声明", "declared by ONVIF"),
    "fig.stream.sent": Text("码流实际", "in the stream"),
    "fig.stream.codec": Text("编码", "codec"),
    "fig.stream.described": Text("会话描述 / 码流", "description / stream"),
    "fig.stream.profile": Text("编码档次", "coding profile"),
    "fig.stream.size": Text("分辨率", "picture size"),
    "fig.stream.rate": Text("帧率（声明为上限）", "frame rate (a limit)"),
    "fig.stream.gop": Text("关键帧间隔", "key frame interval"),
    "fig.stream.bitrate": Text("码率（声明为上限）", "bitrate (a limit)"),
    "fig.time_s": Text("时间 / s", "time, s"),
    "fig.gap_ms": Text("相邻帧间隔 / ms", "gap between frames, ms"),
    "fig.by_arrival": Text("按到达时刻", "by arrival"),
    "fig.by_rtp": Text("按 RTP 时间戳", "by RTP time"),
    "fig.in_part": Text("到达不完整", "came in part"),
    "fig.count": Text("次数", "count"),
    "fig.raw": Text("第 n 次观测", "observation"),
    "fig.burst.opened": Text("触发（回路断开）", "opened"),
    "fig.burst.shown": Text("主机显示该防区", "shown by the panel"),
    "fig.burst.lost": Text("未显示", "never shown"),
    "fig.burst.window": Text("{ms} ms", "{ms} ms"),
    "fig.body_pictures.position": Text("位置 {position}", "position {position}"),
    "fig.body_pictures.signs": Text(
        "每项两个符号：评分人、导出图像；● 可见，○ 不可见，– 未评",
        "two signs each: assessor, exported picture; ● visible, ○ not visible, – not scored",
    ),
    "fig.detections.blank": Text("无测试物时报警：{count}", "alarms without an object: {count}"),
    "fig.burst.time": Text("自首个触发起，ms", "ms from the first opening"),
    "fig.classes.given": Text("施加的信号", "brought about"),
    "fig.classes.shown": Text("主机显示的类别（方框：不符）", "class shown (framed: wrong)"),
    "fig.rights.signs": Text(
        "● 生效  ○ 拒绝  方框：与权限不符或拒绝未记录",
        "● worked  ○ refused  framed: against the rights, or not logged",
    ),
    "fig.psnr.picture": Text("参考序列第 n 幅", "picture of the reference"),
    "fig.pulses.processed": Text("已处理", "processed"),
    "fig.pulses.lost": Text("未处理", "not processed"),
    "fig.pulses.order": Text("第 n 个脉冲", "pulse"),
    "fig.group": Text("{group}：n = {n}，最大 {most}", "{group}: n = {n}, at most {most}"),
    "fig.value": Text("检测值 ± U", "value ± U"),
    "fig.retention.covered": Text("当日录像覆盖（白：完整）", "part of the day recorded (white: whole)"),
    "fig.retention.failed": Text("列出而未能证实的时刻", "listed, and not proved by playback"),
    "fig.gaps.where": Text("缺录位置（斜线：免计）", "where recording is missing (hatched: excused)"),
    "fig.gaps.lengths": Text("缺录时长（{n} 段）", "length of gaps ({n})"),
    "fig.gaps.counting": Text("计入", "counted"),
    "fig.gaps.excused": Text("免计", "excused"),
    "fig.clocks.axis": Text(
        "设备时钟 − 时间基准 / s（±10 ms 内为线性）", "device minus reference / s (linear within ±10 ms)"
    ),
    "fig.drift.hours": Text("观察时间 / h", "time of the watch / h"),
    "fig.drift.seconds": Text("观察时间 / s", "time of the watch / s"),
    "fig.drift.offset": Text("设备 − 基准 / s", "device − reference / s"),
    "fig.clocks.unread": Text("未能读取", "not read"),
    "fig.caption": Text("{title}：n = {n}，{said}", "{title}: n = {n}, {said}"),
}
