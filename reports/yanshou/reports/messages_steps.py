# SPDX-License-Identifier: Apache-2.0
"""What the bench did and saw, by the names the journal has for it, in the field's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from yanshou.model import Text
from yanshou.model.chinese import in_chinese

_SIGNALS: Final = {
    "zone_alarm": Text("报警显示", "alarm shown"),
    "zone_hold_up": Text("紧急报警显示", "hold-up alarm shown"),
    "zone_tamper": Text("防拆报警显示", "tamper shown"),
    "zone_fault": Text("故障显示", "fault shown"),
    "zone_open": Text("防区开路显示", "open zone shown"),
    "zone_bypass": Text("旁路显示", "bypass shown"),
    "ac_loss": Text("主电源断电显示", "loss of mains shown"),
    "battery_fault": Text("备用电源故障显示", "battery fault shown"),
    "battery_low": Text("备用电源欠压显示", "low battery shown"),
    "cover_tamper": Text("机壳防拆显示", "tamper of the cover shown"),
    "comm_fault": Text("通信故障显示", "communication fault shown"),
    "substitution": Text("替换探测显示", "substitution shown"),
    "entry": Text("进入延时显示", "entry delay shown"),
    "exit": Text("退出延时显示", "exit delay shown"),
    "door_forced": Text("强行开门显示", "forced door shown"),
    "door_held": Text("开门超时显示", "door held open shown"),
    "wrong_credential": Text("错误凭证显示", "wrong credential shown"),
    "access_granted": Text("准许通过显示", "access granted shown"),
    "access_denied": Text("拒绝通过显示", "access denied shown"),
    "reader_tamper": Text("读卡器防拆显示", "tamper of the reader shown"),
    "reader_fault": Text("读卡器故障显示", "reader fault shown"),
    "duress_credential": Text("胁迫凭证显示", "duress shown"),
    "passback": Text("防返传显示", "passback shown"),
    "link_fault": Text("通信中断显示", "loss of the link shown"),
    "notify": Text("告警通知", "notification"),
    "siren": Text("警号鸣响", "siren sounds"),
    "buzzer": Text("蜂鸣器鸣响", "buzzer sounds"),
    "buzzer with nothing disturbed": Text("无故障时蜂鸣器鸣响", "buzzer sounds with nothing disturbed"),
    "armed": Text("已布防", "set"),
    "disarmed": Text("已撤防", "unset"),
}
_CIRCUITS: Final = {
    "loop": Text("防区回路", "zone loop"),
    "tamper": Text("防拆回路", "tamper loop"),
    "short": Text("短路", "short circuit"),
    "mains": Text("主电源", "mains"),
    "battery": Text("蓄电池", "battery"),
    "battery_weak": Text("蓄电池欠压", "weak battery"),
    "supply": Text("探测器供电", "supply of the detector"),
    "lid": Text("机壳", "cover"),
    "mask": Text("遮挡", "mask"),
    "range": Text("探测距离缩短", "reduced range"),
    "substitute": Text("替换", "substitution"),
    "eol_low": Text("线尾电阻减小", "end-of-line resistance lower"),
    "eol_high": Text("线尾电阻增大", "end-of-line resistance higher"),
    "fire": Text("消防信号", "fire signal"),
    "link": Text("通信线路", "link"),
    "exit": Text("出门按钮", "exit button"),
    "network": Text("网络", "network"),
}
_CUT: Final = frozenset({"mains", "battery", "supply", "link", "network"})
"""Circuits whose disturbance is a cut; any other one is put on."""
_EVENTS: Final = {
    "alarm": Text("报警", "alarm"),
    "hold_up": Text("紧急报警", "hold-up alarm"),
    "fire": Text("火警", "fire alarm"),
    "tamper": Text("防拆", "tamper"),
    "fault": Text("故障", "fault"),
    "setting": Text("布撤防", "setting"),
    "bypass": Text("旁路", "bypass"),
    "test": Text("测试", "test"),
    "other": Text("其他事件", "other event"),
    "new": Text("发生", "new"),
    "restored": Text("恢复", "restored"),
    "still": Text("持续", "still there"),
    "old": Text("旧事件", "old event"),
}
_CARDS: Final = {
    "authorised": Text("有权凭证", "credential with the right"),
    "unauthorised": Text("无权凭证", "credential without the right"),
    "duress": Text("胁迫凭证", "duress credential"),
    "payment": Text("消费卡", "payment card"),
    "approval": Text("须中心授权的凭证", "credential that the centre approves"),
}
_COMMANDS: Final = {
    "unlock": Text("开锁", "unlock"),
    "approve": Text("授权开启", "approve"),
    "hold_open": Text("常开", "hold open"),
    "block": Text("封锁", "block"),
    "arm": Text("布防", "set"),
    "disarm": Text("撤防", "unset"),
    "bypass": Text("旁路", "bypass"),
    "silent": Text("不应答", "silent"),
    "refuse": Text("拒绝", "refuses"),
    "redirect": Text("重定向", "redirects"),
    "serve": Text("正常服务", "serves"),
}
_WHOLE: Final = {
    "open_loop": Text("断开防区回路", "zone loop opened"),
    "close_loop": Text("恢复防区回路", "zone loop restored"),
    "open_tamper": Text("断开防拆回路", "tamper loop opened"),
    "close_tamper": Text("恢复防拆回路", "tamper loop restored"),
    "shown elsewhere": Text("其他处同时显示", "shown elsewhere"),
    "reported elsewhere": Text("其他处同时报告", "reported elsewhere"),
    "reported untruly": Text("报告了并未发生的事件", "reported what had not happened"),
    "setting refused": Text("拒绝布防", "setting refused"),
    "setting accepted": Text("接受布防", "setting accepted"),
    "alarm held": Text("报警保持", "alarm held"),
    "opening by right watched": Text("有权开门的观察", "opening by right watched"),
    "refusal watched": Text("无权凭证的拒绝", "refusal watched"),
    "unset zone watched": Text("撤防防区的观察", "unset zone watched"),
    "classes": Text("显示的类别", "classes shown"),
    "dark": Text("无显示", "dark"),
    "answered for": Text("持续应答时间/s", "answered for, s"),
    "records compared": Text("记录比对", "records compared"),
    "oldest record": Text("最早的记录", "oldest record"),
    "record arrived": Text("记录到达", "record arrived"),
    "lock released": Text("锁具释放", "lock released"),
    "lock released too late": Text("锁具过晚释放", "lock released too late"),
    "locked": Text("锁具锁闭", "locked"),
    "forced open": Text("强行开门", "door forced open"),
    "opened": Text("开门", "door opened"),
    "closed": Text("关门", "door closed"),
    "authorised credential to go out": Text("有权凭证（出门）", "credential with the right, to go out"),
    "duress": Text("胁迫操作", "duress"),
    "test object passes": Text("检测物体通过", "test object passes"),
    "passage free": Text("通道无人", "passage free"),
    "gate alarm": Text("安检门报警", "alarm of the gate"),
    "gate alarm too late": Text("安检门过晚报警", "alarm of the gate too late"),
    "acknowledged message sent again": Text("已获确认的报文再次送来", "acknowledged message sent again"),
    "supervision lost": Text("监控失联", "supervision lost"),
    "all paths blocked": Text("阻断全部路径", "all paths blocked"),
    "not readable at the centre": Text("接警中心收到不可读的内容", "not readable at the centre"),
    "not readable at the platform": Text("平台收到不可读的内容", "not readable at the platform"),
    "alarm recording": Text("报警录像开始", "alarm recording"),
    "alarm recording too late": Text("报警录像过晚开始", "alarm recording too late"),
    "other cameras at rest": Text("其他摄像机未动作", "other cameras at rest"),
    "undesigned recording": Text("设计之外的录像", "recording that was not designed"),
    "linked picture": Text("联动画面显示", "linked picture"),
    "recording began": Text("录像开始", "recording began"),
    "screen": Text("屏幕显示", "screen"),
    "led on": Text("发光管点亮", "LED on"),
    "led off": Text("发光管熄灭", "LED off"),
    "plate shown": Text("出示号牌", "plate shown"),
    "vehicle passed": Text("车辆通过", "vehicle passed"),
    "stream survey": Text("码流普查", "survey of the stream"),
    "stream beside others": Text("多路并发码流", "stream beside others"),
    "clock beside others": Text("多台时钟同时读取", "clock beside others"),
    "chart_pictures": Text("测试卡图像", "pictures of the chart"),
    "clock ahead of the bench, s": Text("时钟超前检测台/s", "clock ahead of the bench, s"),
    "platform silent, then refusing": Text("平台先不应答、再拒绝", "platform silent, then refusing"),
    "utc_offset": Text("时钟偏差", "clock offset"),
    "sound_level": Text("声压级", "sound level"),
    "dc_current": Text("直流电流", "direct current"),
    "dose_rate": Text("剂量率", "dose rate"),
    "pulse_energy": Text("脉冲能量", "pulse energy"),
    "length": Text("长度", "length"),
    "duration": Text("时间", "duration"),
    "frequency": Text("频率", "frequency"),
    "voltage": Text("电压", "voltage"),
    "interruption": Text("中断时间", "interruption"),
    "distortion": Text("谐波畸变率", "distortion"),
    "power": Text("功率", "power"),
    "transmissions": Text("发射次数", "transmissions"),
    "not seen": Text("未见", "not seen"),
}
_KEYS: Final = {
    "code": Text("代码", "code"),
    "zone": Text("防区", "zone"),
    "sequence": Text("序号", "number"),
    "path": Text("路径", "path"),
    "shown": Text("显示", "shown"),
    "silent": Text("静默", "silent"),
    "held": Text("保持", "held"),
    "cleared": Text("已清除", "cleared"),
    "answered": Text("有应答", "answered"),
    "strays": Text("其他处", "elsewhere"),
    "beside": Text("同时观察", "watched beside"),
    "compared": Text("比对数", "compared"),
    "changed": Text("改变", "changed"),
}
_TABLES: Final = (_WHOLE, _SIGNALS, _CARDS, _COMMANDS, _EVENTS, _CIRCUITS)
_Named = Callable[[Text], str]


@cache
def _patterns(pick: _Named) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
    """The names that are put together, each with what it says."""

    def one(name: str) -> str:
        return _of(name, pick)

    def both(zh: str, en: str) -> str:
        return pick(Text(zh, en))

    return (
        (re.compile(r"(\w+)_on"), lambda at: _circuit(at[1], pick, disturbed=True)),
        (re.compile(r"(\w+)_off"), lambda at: _circuit(at[1], pick, disturbed=False)),
        (re.compile(r"(\w+) stays"), lambda at: both(f"{one(at[1])}保持", f"{one(at[1])} stays")),
        (re.compile(r"(\w+) stays away"), lambda at: both(f"{one(at[1])}未出现", f"{one(at[1])} stays away")),
        (re.compile(r"(\w+) too late"), lambda at: both(f"{one(at[1])}过晚", f"{one(at[1])} too late")),
        (
            re.compile(r"(\w+) (new|restored|still|old)( too late)? at the centre"),
            lambda at: both(
                f"接警中心收到{one(at[1])}（{one(at[2])}）{'，过晚' if at[3] else ''}",
                f"{one(at[1])} ({one(at[2])}) at the centre{', too late' if at[3] else ''}",
            ),
        ),
        (re.compile(r"possible: (.+)"), lambda at: both(f"可能已执行：{in_chinese(at[1])}", at[0])),
        (re.compile(r"(\w+) credential"), lambda at: one(at[1])),
        (re.compile(r"message answered (\w+)"), lambda at: both(f"对报文应答 {at[1]}", at[0])),
        (
            re.compile(r"clock of the receiver (\S+) s ahead"),
            lambda at: both(f"接警机时钟超前 {at[1]} s", at[0]),
        ),
        (re.compile(r"path ([\d ]+) cut"), lambda at: both(f"切断路径 {at[1]}", at[0])),
        (
            re.compile(r"fault of path (\d+) at the centre"),
            lambda at: both(f"接警中心收到路径 {at[1]} 故障", at[0]),
        ),
        (
            re.compile(r"fault of path (\d+) with nothing cut"),
            lambda at: both(f"未切断时收到路径 {at[1]} 故障", at[0]),
        ),
        (re.compile(r"supervision of path (\d+) lost"), lambda at: both(f"路径 {at[1]} 监控失联", at[0])),
        (re.compile(r"command (\w+)"), lambda at: both(f"命令：{one(at[1])}", f"command: {one(at[1])}")),
        (
            re.compile(r"command (\w+) ends"),
            lambda at: both(f"命令取消：{one(at[1])}", f"{one(at[1])} taken back"),
        ),
        (re.compile(r"platform (\w+)"), lambda at: both(f"平台{one(at[1])}", f"platform {one(at[1])}")),
        (re.compile(r"(\S+) at the platform"), lambda at: both(f"平台收到 {one(at[1])}", at[0])),
        (re.compile(r"(\S+) began"), lambda at: both(f"{one(at[1])}开始", at[0])),
        (re.compile(r"(\w+) answered"), lambda at: both(f"{at[1]} 有应答", at[0])),
        (re.compile(r"(\S+) change told"), lambda at: both(f"{at[1]} 变化通知", f"{at[1]} change notified")),
        (re.compile(r"view at (.+)"), lambda at: both(f"画面：{one(at[1])}", f"view: {one(at[1])}")),
        (re.compile(r"(\w+) (arm|disarm|bypass)"), lambda at: f"{at[1]} {one(at[2])}"),
    )


def named_step(what: str, pick: _Named) -> str:
    """What was done or seen; a name that is not known stays as the journal has it."""
    if any(what in table for table in _TABLES):
        return _of(what, pick)
    for pattern, said in _patterns(pick):
        if found := pattern.fullmatch(what):
            return said(found)
    return what


def named_value(value: Any, pick: _Named) -> str:
    """A value as it was seen: yes or no, a list, or named parts."""
    match value:
        case bool():
            return pick(Text("是", "yes") if value else Text("否", "no"))
        case dict():
            parts = ((key, one) for key, one in value.items() if one is not None)
            return pick(Text("，", ", ")).join(
                f"{pick(_KEYS[key]) if key in _KEYS else key} {named_value(one, pick)}" for key, one in parts
            )
        case list():
            return pick(Text("、", ", ")).join(named_value(one, pick) for one in value) or "—"
        case str():
            return named_step(value, pick)
    return str(value)


def _of(name: str, pick: _Named) -> str:
    found = next((table[name] for table in _TABLES if name in table), None)
    return pick(found) if found else name


def _circuit(role: str, pick: _Named, *, disturbed: bool) -> str:
    circuit = pick(_CIRCUITS[role]) if role in _CIRCUITS else role
    if not disturbed:
        return pick(Text(f"恢复：{circuit}", f"{circuit} restored"))
    cut = role in _CUT
    return pick(Text(f"{'切断' if cut else '施加'}：{circuit}", f"{circuit} {'cut' if cut else 'on'}"))
