# SPDX-License-Identifier: Apache-2.0
"""Every sentence of the files of a survey, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from yanshou.model import Text, UsageError
from yanshou.model.chinese import put_into
from yanshou.reports.messages import LANGUAGES, Messages
from yanshou.reports.naming import zone_at

STATES: Final[Mapping[str, Text]] = {
    "asked": Text("已查", "asked"),
    "no_answer": Text("无有效应答", "no usable answer"),
    "refused": Text("口令被拒", "password refused"),
    "unclear": Text("应答不符合其协议", "answer unclear"),
    "not_asked": Text("未查", "not asked"),
}

FINDINGS: Final[Mapping[str, Text]] = {
    "clock_off": Text(
        "时钟偏差超出约定的 {tolerance_s:g} s", "clock is off by more than the agreed {tolerance_s:g} s"
    ),
    "stream_differs": Text("声明 {declared}，实收 {received}", "declares {declared}, sends {received}"),
    "frame_rate_low": Text(
        "实收帧率低于声明的 {declared:g} fps", "sends fewer than the declared {declared:g} fps"
    ),
    "picture_flat": Text("画面无内容（单一颜色）", "nothing in the picture (one colour)"),
    "no_recording": Text("无录像", "no recordings"),
    "retention_short": Text(
        "最早录像距今 {days:g} d，约定 {asked_d:g} d",
        "oldest recording {days:g} d ago, agreed are {asked_d:g} d",
    ),
    "gaps": Text(
        "缺录 {count} 段，共 {total_s:.0f} s，最长 {longest_s:.0f} s",
        "{count} gaps, {total_s:.0f} s in all, the longest {longest_s:.0f} s",
    ),
    "unplayable": Text("列出却不能回放：{instants}", "listed but not played: {instants}"),
    "firmware_differs": Text(
        "固件 {device}，点位表为 {inventory}", "firmware {device}, inventory says {inventory}"
    ),
    "serial_differs": Text(
        "序列号 {device}，点位表为 {inventory}", "serial number {device}, inventory says {inventory}"
    ),
    "catalogue_incomplete": Text("目录应答不完整：{why}", "its catalogue is not whole: {why}"),
    "not_in_catalogue": Text(
        "{parent} 的目录中没有 {channel}", "{channel} is not in the catalogue of {parent}"
    ),
    "not_in_inventory": Text(
        "目录中有 {count} 路不在点位表：{codes}", "{count} cameras listed that the inventory lacks: {codes}"
    ),
    "channel_off": Text("{parent} 的目录标为 {status}", "{parent} lists it as {status}"),
    "no_answer": Text("无有效应答", "gave no usable answer"),
    "refused": Text("用户名或口令被拒；只试一次", "refused user name or password; tried once"),
    "unclear": Text("应答不符合其协议", "answers otherwise than its protocol describes"),
    "not_asked": Text("未查", "was not asked"),
    "same_address": Text("与 {same_as} 地址相同", "has the address of {same_as}"),
    "clock_unknown": Text(
        "时钟是否在约定的 {tolerance_s:g} s 之内无法判定",
        "it is not known whether its clock is within {tolerance_s:g} s",
    ),
    "stream_unknown": Text("码流无法判定", "its stream could not be examined"),
    "recordings_unknown": Text("录像设备不告知其录像段", "the recorder does not report its recorded periods"),
    "too_young": Text(
        "系统投用不足约定的 {asked_d:g} d，已有 {days:g} d",
        "younger than the agreed {asked_d:g} d, {days:g} d so far",
    ),
    "step_failed": Text("{step} 未完成", "{step} came to nothing"),
}

TEXTS: Final[Mapping[str, Text]] = {
    "title": Text("视频点位普查", "Survey of cameras and recorders"),
    "screening": Text(
        "普查是筛查：不作合格与否的结论，不代替按标准条款的检测。“对安装不利”指所见与声明或约定不符；"
        "“未知”指没有查到，不表示正常。",
        "A survey screens: it states no verdict and replaces no test of a clause.  “Against” means that what"
        " was seen is not what was declared or agreed; “unknown” that it was not learnt, which is no"
        " sign that it is in order.",
    ),
    "when": Text("截止时刻 {now}；录像查 {days} d", "as of {now}; recordings over {days} d"),
    "emulated": Text("仿真演示数据，非真实现场", "Emulated demonstration data, no real site"),
    "devices": Text("设备", "devices"),
    "asked": Text("已查", "asked"),
    "against": Text("对安装不利", "against"),
    "unknown": Text("未知", "unknown"),
    "clean": Text("无发现", "nothing found"),
    "recordings": Text("录像覆盖（通道 × 日）", "Recordings (channels × days)"),
    "no_recordings": Text("本次没有查录像设备。", "No recorder was asked."),
    "findings": Text("发现", "Findings"),
    "nothing": Text("没有发现。", "Nothing was found."),
    "full": Text("完整", "whole"),
    "most": Text("缺不足 1 %", "less than 1 % missing"),
    "part": Text("缺录", "missing"),
    "none": Text("全缺", "nothing"),
    "not_known": Text("未知", "unknown"),
    "device": Text("设备", "device"),
    "about": Text("对象", "about"),
    "kind": Text("类型", "kind"),
    "name": Text("名称", "name"),
    "place": Text("位置", "place"),
    "parent": Text("上级", "parent"),
    "state": Text("状态", "state"),
    "why": Text("说明", "why"),
    "maker": Text("厂商", "maker"),
    "model": Text("型号", "model"),
    "firmware": Text("固件", "firmware"),
    "serial": Text("序列号", "serial number"),
    "clock_low": Text("时钟偏差下界/s", "clock offset from/s"),
    "clock_high": Text("时钟偏差上界/s", "clock offset to/s"),
    "declared": Text("声明码流", "declared stream"),
    "received": Text("实收码流", "received stream"),
    "declared_fps": Text("声明帧率/fps", "declared fps"),
    "received_fps": Text("实收帧率/fps", "received fps"),
    "mean": Text("亮度均值", "luma mean"),
    "sd": Text("亮度标准差", "luma sd"),
    "blur": Text("模糊度（0 清晰，1 模糊）", "blur (0 sharp, 1 blurred)"),
    "changed": Text("两帧差", "change between frames"),
    "text": Text("发现", "finding"),
    "code": Text("代码", "code"),
    "recorder": Text("录像设备", "recorder"),
    "camera": Text("摄像机", "camera"),
    "start": Text("缺录开始（{zone}）", "gap from ({zone})"),
    "end": Text("缺录结束（{zone}）", "gap to ({zone})"),
    "seconds": Text("时长/s", "length/s"),
    "summary": Text("汇总", "Summary"),
    "gap": Text("缺录", "Gaps"),
    "cover": Text("覆盖率", "Coverage"),
    "more": Text("共 {count} 条，其余见 findings.csv。", "{count} in all; the rest stands in findings.csv."),
}

KINDS: Final[Mapping[str, Text]] = {
    "camera": Text("摄像机", "camera"),
    "recorder": Text("录像设备", "recorder"),
}


def _local(settings: Mapping[str, Any], at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(settings["time_zone"]))


class SurveyMessages:
    """The sentences in one language; UsageError for an unknown language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UsageError(f"no files in language {language!r}.", f"Choose one of {', '.join(LANGUAGES)}.")
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return self._of(TEXTS[key]).format(**values)

    def when(self, settings: Mapping[str, Any]) -> str:
        """When the window ends, in the site's time zone, and how long it is."""
        now = self.local(settings, settings["now"])
        return self("when", now=f"{now}（{self.zone(settings)}）", days=settings["window_d"])

    def zone(self, settings: Mapping[str, Any]) -> str:
        """The site's time zone, named as in the report."""
        now = _local(settings, settings["now"])
        return zone_at(settings["time_zone"], now, Messages(self.language))

    def local(self, settings: Mapping[str, Any], at: str) -> str:
        """A moment in the site's time zone."""
        return f"{_local(settings, at):%Y-%m-%d %H:%M:%S}"

    def state(self, state: str) -> str:
        """A state of a device."""
        return self._of(STATES[state])

    def kind(self, kind: str) -> str:
        """A kind of device."""
        return self._of(KINDS[kind])

    def reason(self, text: str) -> str:
        """Why something was not learnt of a device, as it was noted when the device was asked."""
        return put_into(text, self.language)

    def finding(self, found: Mapping[str, Any]) -> str:
        """One finding as a sentence."""
        values = {
            key: "、".join(map(str, value)) if isinstance(value, list) else self._value(value)
            for key, value in found["values"].items()
        }
        return self._of(FINDINGS[found["code"]]).format(**values)

    def _value(self, value: object) -> object:
        return self.reason(value) if isinstance(value, str) else value

    def _of(self, text: Text) -> str:
        return text.zh if self.language == "zh" else text.en
