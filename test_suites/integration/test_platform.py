# SPDX-License-Identifier: Apache-2.0
"""平台 — its failure, its commands, wanted vehicles, its interfaces."""

from __future__ import annotations

from yanshou.fixtures.api import (
    Ask,
    DesignedPair,
    DesignTime,
    Interfaces,
    Outage,
    Phase,
    Plates,
    Platform,
    Record,
    Subsystems,
    measures,
    unplanned_effects,
)
from yanshou.model import Instant, now

_BACK_S = 60.0  # a server of a platform starts within a minute


@measures("command_response_time", repetitions=3, seconds=8, phase=Phase.INTRUSIVE)
def test_command_response_time(commands: list[DesignedPair], record: Record, design_time: DesignTime) -> None:
    """Each command of the linkage matrix is given; timed until its target shows the effect."""
    if not commands:
        record.cannot("联动矩阵没有以该平台为源、检测台可观察的命令")
    remarks: list[str] = []
    for _ in record.repetitions:
        for command in commands:
            if command.running():
                record.cannot("命令的目标在下达前已在动作，无法计时")
            fired = command.fire()
            record.seen_in_passing(unplanned_effects(fired))
            record.latency(fired.at, fired.seen, within=command.waits)
            if fired.seen is None:
                record.because(f"{command.title}：{command.waits:g} s 内未执行")
                return
            timing = design_time.of(fired.at, fired.seen, command.pair.deadline_s)
            remarks += [timing.late or timing.unfit] if timing.late or timing.unfit else []
    stated = [f"{one.title}设计值 {one.pair.deadline_s:g} s" for one in commands if one.pair.deadline_s]
    record.because("；".join((*stated, *(f"超出：{one}" for one in dict.fromkeys(remarks)))))


@measures(
    "subsystems_survive_platform_failure",
    intrusive=("platform_stop", "siren", "lock_release"),
    operator=True,
    seconds=60,
)
def test_subsystems_survive_platform_failure(outage: Outage, subsystems: Subsystems, record: Record) -> None:
    """The platforms are stopped, which their own wires prove: every subsystem works on, and afterwards."""
    _works_on(outage, subsystems, record)


@measures(
    "alarm_independent_of_other_systems", intrusive=("platform_stop", "siren"), operator=True, seconds=60
)
def test_alarm_independent_of_other_systems(
    outage: Outage, subsystems: Subsystems, record: Record, ask: Ask
) -> None:
    """Platforms and video hosts are stopped: the panel alarms on; and it shares no key equipment."""
    shared = not ask.yes("platform.shares_nothing", device=record.device)
    _works_on(outage, subsystems, record, ["与其他系统共用关键设备"] if shared else [])


def _works_on(outage: Outage, subsystems: Subsystems, record: Record, wrong: list[str] | None = None) -> None:
    if subsystems.untried:
        record.shortened(f"未试验的子系统：{'、'.join(subsystems.untried)}")
    if outage.unreached:
        record.shortened(f"未停止的平台或视频主机：{'、'.join(outage.unreached)}")
    before = subsystems.failing()
    if not subsystems.tried:
        record.cannot("检测台未接入任何子系统")
    if before:
        record.cannot(f"平台停止前已不工作：{'、'.join(before)}")
    with outage.stopped():
        failing = subsystems.failing()
    found = [*(wrong or []), *(f"平台停止后{one}" for one in failing)]
    if missing := outage.not_back(record.parameter("platform_back_s", _BACK_S)):
        record.seen_in_passing([f"{'、'.join(missing)} 重新启动后未恢复应答"])
    found += [f"平台恢复后{one}" for one in subsystems.failing()]
    record.logical(conforms=not found, n=len(subsystems.tried), because="；".join(found))


@measures("wanted_vehicle_alarm_time", repetitions=3, operator=True, seconds=20)
def test_wanted_vehicle_alarm_time(platform: Platform, plates: Plates, record: Record) -> None:
    """A wanted plate comes into view; timed until the platform reports that plate.

    Before that it is watched for as long with no plate in view: one that it reports anyway proves nothing.
    """
    plate = "".join(str(platform.device.attributes.get("wanted_plate", "")).split()).upper()
    if not plate:
        record.cannot("点位表未给出布控车牌（wanted_plate）")
    platform.begin()
    begun = now()
    if platform.wait_event(
        "wanted_vehicle", since=Instant(begun, begun), plate=plate, within=record.patience
    ):
        record.cannot(f"未出示布控车牌 {plate} 时平台已报出该车牌")
    for number in record.repetitions:
        platform.begin()
        shown = plates.show(number)
        seen = platform.wait_event("wanted_vehicle", since=shown, plate=plate, within=record.patience)
        record.seen_in_passing(f"平台报出车牌 {one}" for one in platform.other_plates(shown, plate))
        for remark in platform.remarks(shown):
            record.deviation(remark)
        plates.clear()
        record.latency(shown, seen.at if seen else None)
        if seen is None:
            return


@measures("interfaces_tested_share", operator=True, phase=Phase.TALLY, seconds=5)
def test_interfaces_tested_share(interfaces: Interfaces, record: Record, ask: Ask) -> None:
    """Each listed interface: tried in this run at the server, and confirmed at a client by a person."""
    if not interfaces.listed:
        record.cannot("点位表未给出平台的接口清单（interfaces）")
    untried = [f"{name}（服务器）" for name in interfaces.listed if name not in interfaces.tested]
    denied = [
        f"{name}（客户端）"
        for name in interfaces.listed
        if not ask.yes("interface.client", key=f"interface.{name}", interface=name)
    ]
    if interfaces.unlisted:
        record.seen_in_passing([f"未列入清单而见到的接口 {'、'.join(interfaces.unlisted)}"])
    missing, trials = untried + denied, 2 * len(interfaces.listed)
    if untried and not denied:  # what this run did not try says nothing about the system
        record.cannot(f"本次检测未经以下接口得出结果：{'、'.join(untried)}")
    because = f"未检接口：{'、'.join(missing)}" if missing else ""
    record.count(trials - len(missing), trials, because=because, census=True)
