# SPDX-License-Identifier: Apache-2.0
"""The tables of a visit in the words of the field: the console prints them, the work orders as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yanshou.model import Text
from yanshou.model.visit import Places, Visit, VisitTask, lasting, named, natural
from yanshou.reports.messages import Messages

_WHOM = {
    "siren": Text("现场及周边人员、物业", "everybody in and around the building, its management"),
    "hold_up": Text("报警中心、接警单位", "alarm receiving centre, police"),
    "dispatch": Text("报警中心、接警单位", "alarm receiving centre, police"),
    "police_test_mode": Text("接警单位", "police"),
    "lock_release": Text("门岗、逃生通道管理人员", "guards of the doors and of the escape routes"),
    "power_cut": Text("设备间值班、供电管理人员", "who runs the equipment room and its supply"),
    "network_cut": Text("网络管理员", "who runs the network"),
    "platform_stop": Text("平台管理员、监控中心", "who runs the platform, monitoring centre"),
    "fire_interface": Text("消防控制室", "fire control room"),
    "reboot": Text("系统管理员", "who runs the system"),
    "clock_change": Text("系统管理员", "who runs the system"),
    "record_delete": Text("录像管理员", "who keeps the recordings"),
    "beam": Text("辐射安全负责人", "who answers for radiation safety"),
}
_CLIENT = Text("委托方联系人", "the client's contact")
_WORK = Text("检测内容（按系统）", "Work by system")
_WORK_HEAD = (
    Text("系统", "system"),
    Text("检测内容", "what is tested"),
    Text("依据", "clause"),
    Text("位置与设备", "places and devices"),
    Text("台数", "devices"),
    Text("机器", "machine"),
    Text("人员", "person"),
    Text("须告知", "warn of"),
)
_STEPS = Text("人员步骤（按位置）", "Steps of a person by place")
_STEPS_HEAD = (
    Text("位置", "place"),
    Text("设备", "devices"),
    Text("检测内容", "what is tested"),
    Text("仪器", "instruments"),
    Text("人员", "person"),
)
_WARN = Text("须事先告知", "To be warned beforehand")
_WARN_HEAD = (Text("动作", "action"), Text("告知", "whom"), Text("位置与设备", "places and devices"))
_CANNOT = Text("不能检测的项目", "Cannot be tested")
_CANNOT_HEAD = (Text("项目", "requirement"), Text("原因", "why"), Text("台数", "devices"))
_PLACES = 12  # from more places on only the devices are named; the walk has each place
_SITE = Text("工程整体", "the site as a whole")


@dataclass(frozen=True, slots=True)
class VisitTable:
    """A table with its title; ``rows`` have as many cells as ``head``."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def visit_tables(visit: Visit, messages: Messages) -> tuple[VisitTable, ...]:
    """Work by system, the walk by place, whom to warn, what cannot be tested; empty ones are left out."""
    made = (
        ("work", _WORK, _WORK_HEAD, [_work(task, messages) for task in visit.tasks]),
        ("walk", _STEPS, _STEPS_HEAD, _steps(visit, messages)),
        ("warn", _WARN, _WARN_HEAD, [_warn(name, at, messages) for name, at in visit.warned.items()]),
        ("cannot", _CANNOT, _CANNOT_HEAD, _cannot(visit, messages)),
    )
    return tuple(
        VisitTable(name, messages.pick(title), tuple(messages.pick(one) for one in head), tuple(rows))
        for name, title, head, rows in made
        if rows
    )


def time_needed(seconds: float) -> str:
    """``1 h 05 min``, or a dash where no time is needed."""
    hours, minutes = lasting(seconds)
    if not hours:
        return f"{minutes} min" if minutes else "—"
    return f"{hours} h {minutes:02d} min"


def _work(task: VisitTask, messages: Messages) -> tuple[str, ...]:
    return (
        messages.system(task.system),
        messages.pick(task.title),
        _joined(task.clauses, messages),
        _where(task.places, messages),
        str(task.devices),
        time_needed(task.machine_s),
        time_needed(task.person_s),
        _joined((messages.action(one) for one in task.actions), messages),
    )


def _steps(visit: Visit, messages: Messages) -> list[tuple[str, ...]]:
    """One row for each place and each set of tasks there: devices with the same tasks stand together."""
    rows: list[tuple[str, ...]] = []
    for place, devices in visit.by_place().items():
        alike: dict[tuple[str, ...], list[str]] = {}
        tasks = {task.measurand: task for found in devices.values() for task in found}
        for one, found in devices.items():
            alike.setdefault(tuple(task.measurand for task in found), []).append(one)
        for names, ids in alike.items():
            needed = [tasks[name] for name in names]
            rows.append(_step(place, ids, needed, messages))
    return rows


def _step(place: str, ids: Sequence[str], tasks: Sequence[VisitTask], messages: Messages) -> tuple[str, ...]:
    instruments = dict.fromkeys(one for task in tasks for one in task.instruments)
    spent = sum(task.person_s / task.devices for task in tasks) * len(ids)
    return (
        place or messages.pick(_SITE),
        named(ids) if place else "",
        _joined((messages.pick(task.title) for task in tasks), messages),
        " ".join(instruments),
        time_needed(spent),
    )


def _warn(action: str, places: Places, messages: Messages) -> tuple[str, ...]:
    return messages.action(action), messages.pick(_WHOM.get(action, _CLIENT)), _where(places, messages)


def _cannot(visit: Visit, messages: Messages) -> list[tuple[str, ...]]:
    return [
        (messages.pick(title), _one_language(reason, messages), str(count) if count else "")
        for title, reason, count in visit.cannot
    ]


def _one_language(reason: str, messages: Messages) -> str:
    """A reason stands as ``Chinese / English`` in the plan."""
    zh, slash, en = reason.partition(" / ")
    return en if slash and messages.language == "en" else zh


def _where(places: Places, messages: Messages) -> str:
    if len(places) > _PLACES:
        return named(sorted((one for ids in places.values() for one in ids), key=natural))
    said = [f"{place} {named(ids)}" if place else messages.pick(_SITE) for place, ids in places.items()]
    return _joined(said, messages, "；", "; ")


def _joined(parts: Iterable[str], messages: Messages, zh: str = "、", en: str = ", ") -> str:
    return (en if messages.language == "en" else zh).join(parts)
