# SPDX-License-Identifier: Apache-2.0
"""A run of many items of few measurands, with every kind of finding and figure."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.support.run_builder import RunBuilder, item, logical, png, requirement, site_json
from yanshou.model import (
    Limit,
    LimitStatus,
    Plan,
    PlanItem,
    Quantity,
    SampleRecord,
    Statistic,
    Text,
    UncertaintyStatus,
    Untestable,
    Verdict,
)

ROWS = [
    requirement(
        "IAS-RT-01",
        limit_status=LimitStatus.PROVISIONAL,
        title=Text("报警控制器响应时间", "Controller response time"),
    ),
    logical("IAS-FN-03", "报警锁定与保持", "Latched until reset", clause="3.5.1(5)"),
    logical(
        "IAS-TA-01", "防拆报警", "Tamper alarm", clause="3.5.1(10)", limit_status=LimitStatus.PROVISIONAL
    ),
    requirement(
        "IAS-PW-01",
        title=Text("备用电源持续时间", "Standby time"),
        measurand="standby_time",
        limit=Limit(unit="h", min=8.0),
        clause="3.5.1(12)",
        statistic=Statistic.VALUE,
        population=("panel",),
    ),
    requirement(
        "IAS-RT-06",
        title=Text("漏报警率", "Missed alarms"),
        measurand="missed_alarm_ratio",
        limit=Limit(max=0.0),
        standard="GB/T 32581",
        edition="2016",
        clause="8.3",
        rank=3,
        statistic=Statistic.PROPORTION,
    ),
    requirement(
        "ACS-RT-01",
        system="access_control",
        title=Text("凭证识读至开锁时间", "Credential to lock"),
        measurand="credential_to_lock_time",
        standard="GB 50396",
        edition="2007",
        clause="6.0.2",
        rank=4,
    ),
    requirement(
        "IQ-SFR-01",
        system="video",
        title=Text("水平分辨力（SFR50）", "Resolution (SFR50)"),
        measurand="sfr50",
        limit=Limit(unit="LW/PH", min=600.0),
        statistic=Statistic.MEAN,
        standard="GA/T 1127",
        edition="2013",
        clause="5.2.1",
        in_force=False,
        rank=3,
        limit_status=LimitStatus.UNVERIFIED,
    ),
    requirement(
        "NET-08",
        system="video",
        title=Text("实时视频帧率", "Live frame rate"),
        measurand="live_frame_rate",
        limit=Limit(unit="fps", min=25.0),
        statistic=Statistic.MEAN,
        standard="GB/T 28181",
        edition="2022",
        clause="5.3",
        rank=3,
    ),
    requirement(
        "REC-01",
        system="video",
        title=Text("视频图像信息保存期限", "Retention"),
        measurand="retention",
        limit=Limit(unit="d", min=30.0),
        statistic=Statistic.MIN,
        standard="公共安全视频图像信息系统管理条例（国务院令第 799 号）",
        edition="2025",
        clause="第二十条",
        rank=1,
    ),
    requirement(
        "SCR-RD-01",
        system="security_inspection",
        title=Text("安检机外表面泄漏剂量率", "Leakage dose rate"),
        measurand="leakage_dose_rate",
        limit=Limit(unit="uSv/h", max=5.0),
        standard="GB 15208.1",
        edition="2018",
        clause="5.4.2",
    ),
    logical("LNK-01", "报警与视频联动", "Alarm to video linkage", system="integration", clause="3.6.2"),
    logical(
        "NMG-09-01",
        "摄像机监控范围不侵犯隐私",
        "Camera views respect privacy",
        system="site",
        standard="内蒙古自治区公共安全技术防范管理条例",
        edition="2007",
        clause="第九条",
        rank=1,
    ),
    logical(
        "NMG-10-01",
        "与公安机关报警联网",
        "Link to the police",
        system="alarm_network",
        clause="第十条",
        standard="内蒙古自治区公共安全技术防范管理条例",
        edition="2007",
        rank=1,
    ),
    logical("IAS-XX-09", "独立传输通道冗余", "Redundant path", clause="3.5.2"),
]


def _plan(groups: dict[str, dict[str, PlanItem]]) -> Plan:
    zones = tuple(groups["times"])
    return Plan(
        site="bank-branch",
        seed=20261123,
        items=tuple(one for group in groups.values() for one in group.values()),
        untestable=(Untestable("NMG-10-01", "", "本次检测未接入公安专网，报警接收端不可用。"),),
        not_applicable=(
            Untestable("IAS-XX-09", "PANEL-1", "组网方式为本地，条款适用于公网传输。"),
            Untestable("IAS-XX-09", "PANEL-2", "组网方式为本地，条款适用于公网传输。"),
        ),
        out_of_scope=("IAS-EN-01", "IAS-EN-02", "PWR-03", "GND-01"),
        sampling=(
            SampleRecord("zone DT-7225", 12, 12, "GB 50348-2018 9.1.5", zones),
            SampleRecord("camera EMU-IPC", 3, 3, "GB 50348-2018 9.1.5", ("CAM-1", "CAM-2", "CAM-3")),
        ),
        catalogue_sha256="c" * 64,
        site_sha256="5" * 64,
        sha256="a" * 64,
    )


def _groups() -> dict[str, dict[str, PlanItem]]:
    zones = [f"Z{n:02d}" for n in range(1, 13)]
    cameras, doors, panels = ("CAM-1", "CAM-2", "CAM-3"), ("D01", "D02"), ("PANEL-1", "PANEL-2")
    return {
        "times": {zone: item("alarm_response_time", zone, "IAS-RT-01") for zone in zones},
        "latch": {zone: item("ias_fn_03", zone, "IAS-FN-03") for zone in zones[:9]},
        "tamper": {zone: item("ias_ta_01", zone, "IAS-TA-01") for zone in zones[:6]},
        "power": {panel: item("standby_time", panel, "IAS-PW-01") for panel in panels},
        "doors": {door: item("credential_to_lock_time", door, "ACS-RT-01") for door in doors},
        "frames": {cam: item("live_frame_rate", cam, "NET-08") for cam in cameras},
        "privacy": {cam: item("nmg_09_01", cam, "NMG-09-01") for cam in cameras},
        "single": {
            "sfr": item("sfr50", "CAM-1", "IQ-SFR-01"),
            "retention": item("retention", "NVR-1", "REC-01"),
            "dose": item("leakage_dose_rate", "XR-1", "SCR-RD-01"),
            "missed": item("missed_alarm_ratio", "PANEL-1", "IAS-RT-06"),
            "link": item("lnk_01", "CAM-2", "LNK-01"),
        },
    }


def big_run(path: Path, **site: Any) -> RunBuilder:
    """Forty-five rows of seven verdicts: an interruption, retries, answers, pictures; LNK-01 is never run."""
    groups = _groups()
    run = RunBuilder(path, _plan(groups), ROWS, site_json(**site)).begin()
    rng = random.Random(3)
    run.session()
    _opening(run)
    _times(run, groups["times"], rng)
    _logicals(run, groups["latch"], groups["tamper"])
    _power(run, groups["power"])
    for n, one in enumerate(groups["doors"].values()):
        run.latency(one, [0.31 + 0.01 * n, 0.29, 0.3], Verdict.CONFORM)
    _frames(run, groups["frames"], rng)
    _privacy(run, groups["privacy"])
    _singles(run, groups["single"])
    run.close()
    return run


def _opening(run: RunBuilder) -> None:
    instruments = (
        ("DMM-1", "数字多用表", "2027-08-16"),
        ("TIME-1", "时间基准（演示）", "2027-04-30"),
        ("DOSE-1", "环境级 X、γ 剂量率仪", "2027-05-05"),
    )
    for name, expected, due in instruments:
        run.event(
            "instrument",
            id=name,
            name=expected,
            maker="Example Instruments",
            model="EX-34401",
            serial="EX0001234",
            certificate="示校字 2026-0817",
            calibrated_by="示范计量院（演示）",
            calibrated="2026-08-17",
            due=due,
        )
    run.event("confirmation", action="siren", person="王五", text="现场已清场，允许声光报警动作。")
    run.event("confirmation", action="lock_release", person="王五", text="允许释放 D01、D02 电锁。")


def _times(run: RunBuilder, times: dict[str, PlanItem], rng: random.Random) -> None:
    for zone, one in times.items():
        values = [round(rng.uniform(0.35, 1.1), 6) for _ in range(3)]
        if zone == "Z03":
            run.fault(one, "继电器板无应答（Modbus TCP 127.0.0.1:15502，3 次）", "RELAY-2")
            run.latency(one, values, Verdict.CONFORM, attempt=2)
        elif zone == "Z07":
            run.latency(one, [2.412337, 2.388121, 2.401774], Verdict.NON_CONFORM)
        elif zone == "Z11":
            run.start(one)
            at = [51900.1, 51900.1003]
            run.event("stimulus", item=one.id, what="open_loop", via="RELAY-2/10", instant=at)
            run.wait(400)
            run.session(resumed=True)
            run.latency(one, values, Verdict.CONFORM, attempt=2)
        elif zone == "Z12":
            run.fault(one, "继电器 RELAY-2/11 回读不一致", "RELAY-2")
        else:
            run.latency(one, values, Verdict.CONFORM)


def _logicals(run: RunBuilder, latch: dict[str, PlanItem], tamper: dict[str, PlanItem]) -> None:
    shorter = ("锁定保持观察 2 s，条款为直至复位；按方案缩短。",)
    for one in latch.values():
        run.start(one)
        run.judge(one, "IAS-FN-03", Verdict.CONFORM, run.measure(one, value=True, n=1, deviations=shorter))
        run.finish(one)
    for zone, one in tamper.items():
        run.start(one)
        good = zone != "Z05"
        verdict = Verdict.CONFORM if good else Verdict.NON_CONFORM
        run.judge(one, "IAS-TA-01", verdict, run.measure(one, value=good, n=2))
        run.finish(one, "done" if good else "non_conform")


def _power(run: RunBuilder, power: dict[str, PlanItem]) -> None:
    for panel, one in power.items():
        run.start(one)
        invalid = "" if panel == "PANEL-1" else "仪器 DMM-2 校准证书已于 2026-11-01 到期"
        value = run.measure(
            one,
            value=26.4183,
            U=1.2345,
            k=2.0,
            unit="h",
            n=1,
            statistic="value",
            estimate=True,
            invalid=invalid,
            uncertainty=UncertaintyStatus.EVALUATED,
            instruments=("DMM-1",),
        )
        verdict = Verdict.INVALID if invalid else Verdict.CONDITIONAL_CONFORM
        run.judge(one, "IAS-PW-01", verdict, value, invalid or "estimate, not observed over the full time")
        run.finish(one)


def _frames(run: RunBuilder, frames: dict[str, PlanItem], rng: random.Random) -> None:
    for n, one in enumerate(frames.values()):
        run.start(one)
        rate = run.measure(
            one,
            value=25.004 - n * 0.002,
            U=0.0213,
            k=2.0,
            unit="fps",
            n=150,
            statistic="mean",
            uncertainty=UncertaintyStatus.EVALUATED,
            raw=tuple(25.0 + rng.gauss(0, 0.02) for _ in range(20)),
        )
        run.judge(one, "NET-08", Verdict.CONFORM, rate)
        run.finish(one)


def _privacy(run: RunBuilder, privacy: dict[str, PlanItem]) -> None:
    for camera, one in privacy.items():
        run.start(one)
        name = f"{camera} 画面（已模糊）"
        run.blob(png(96, seed=ord(camera[-1])), one.id, name, "image/png", "blurred snapshot")
        question = f"{camera} 的画面是否包含条例第九条禁止监控的场所？"
        run.event("prompt", item=one.id, question=question)
        run.wait(12)
        run.event("answer", item=one.id, question=question, value=False, person="张三")
        run.judge(one, "NMG-09-01", Verdict.CONFORM, run.measure(one, value=True, n=1))
        run.finish(one)


def _singles(run: RunBuilder, single: dict[str, PlanItem]) -> None:
    one = single["sfr"]
    run.start(one)
    run.blob(png(120, seed=5), one.id, "CAM-1 图卡 slanted_edge", "image/png", "chart frame")
    sharp = run.measure(
        one,
        value=812.37,
        U=14.2,
        k=2.0,
        unit="LW/PH",
        n=10,
        statistic="mean",
        uncertainty=UncertaintyStatus.EVALUATED,
    )
    run.judge(one, "IQ-SFR-01", Verdict.UNJUDGED, sharp, "依据待核")
    run.finish(one)
    one = single["retention"]
    run.start(one)
    run.event("prompt", item=one.id, question="随机抽取的 3 段录像是否可播放？")
    run.event("answer", item=one.id, question="随机抽取的 3 段录像是否可播放？", value=True, person="张三")
    kept = run.measure(
        one,
        value=35.02,
        U=0.01,
        k=2.0,
        unit="d",
        n=1,
        statistic="min",
        uncertainty=UncertaintyStatus.EVALUATED,
    )
    run.judge(one, "REC-01", Verdict.CONFORM, kept)
    run.finish(one)
    _dose(run, single["dose"])
    one = single["missed"]
    run.start(one)
    missed = run.measure(
        one,
        value=0.0,
        unit="",
        n=60,
        quantity=Quantity.PROPORTION,
        statistic="proportion",
        interval=(0.0, 0.0487),
    )
    run.judge(one, "IAS-RT-06", Verdict.CONFORM, missed)
    run.finish(one)


def _dose(run: RunBuilder, one: PlanItem) -> None:
    run.start(one)
    question = "安检机外表面 5 cm 处剂量率读数"
    run.event("prompt", item=one.id, question=question)
    photo = run.blob(png(80, seed=9), one.id, "剂量率仪读数照片", "image/png", "photo of the reading")
    run.event("answer", item=one.id, question=question, value=0.42, unit="uSv/h", person="张三", photo=photo)
    dose = run.measure(
        one,
        value=0.42,
        U=0.0504,
        k=2.0,
        unit="uSv/h",
        n=1,
        uncertainty=UncertaintyStatus.EVALUATED,
        instruments=("DOSE-1",),
    )
    run.judge(one, "SCR-RD-01", Verdict.CONFORM, dose)
    run.finish(one)
