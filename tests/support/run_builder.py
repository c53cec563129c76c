# SPDX-License-Identifier: Apache-2.0
"""Builds run folders exactly as docs/contracts.md §4 says, without running anything."""

from __future__ import annotations

import hashlib
import json
import math
import random
import shutil
import struct
import zlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from yanshou.model import (
    Component,
    Finding,
    Limit,
    LimitStatus,
    Measurement,
    Obligation,
    Plan,
    PlanItem,
    Quantity,
    Requirement,
    SampleRecord,
    Statistic,
    Text,
    UncertaintyStatus,
    Untestable,
    Verdict,
)

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 23, 1, 12, 0, tzinfo=UTC)
FIRST = "0" * 64


def plain(value: object) -> Any:
    """A record as plain JSON values; an infinite number of degrees of freedom as null."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and math.isinf(value):
        return None
    return value


def requirement(name: str, **over: Any) -> Requirement:
    """A catalogue row with everything filled in."""
    values: dict[str, Any] = {
        "standard": "GB 55029",
        "edition": "2022",
        "clause": "3.5.1(8)",
        "system": "intrusion",
        "title": Text("报警响应时间", "Alarm response time"),
        "asks": Text(
            "从探测回路变化到控制器指示不超过规定时间。", "From the change at the loop to the indication."
        ),
        "measurand": "alarm_response_time",
        "statistic": Statistic.MAX,
        "limit": Limit(unit="s", max=2.0),
        "limit_status": LimitStatus.VERIFIED,
        "applies": {"system": "intrusion"},
        "population": ("zone",),
        "mandatory": True,
        "in_force": True,
        "rank": 2,
    }
    return Requirement(id=name, **(values | over))


def logical(name: str, zh: str, en: str, **over: Any) -> Requirement:
    """A row whose limit is that the system does what the clause asks."""
    values: dict[str, Any] = {
        "title": Text(zh, en),
        "asks": Text(f"{zh}：按设计要求动作并保持。", f"{en}: acts as designed and latches."),
        "limit": Limit(equals=True),
        "statistic": Statistic.VALUE,
        "measurand": name.lower().replace("-", "_"),
    }
    return requirement(name, **(values | over))


def png(side: int = 64, seed: int = 1) -> bytes:
    """A small valid PNG."""
    rows = b"".join(
        b"\0" + bytes((x * 3 + y * seed) % 256 for x in range(side) for _ in range(3)) for y in range(side)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass
class RunBuilder:
    """Writes a run folder event by event."""

    path: Path
    plan: Plan
    catalogue: list[Requirement]
    site: dict[str, Any]
    lines: list[bytes] = field(default_factory=list)
    clock: datetime = START
    measured: int = 0
    at_once: bool = True  # write the journal with each line; else once, by close

    def begin(self) -> RunBuilder:
        self.path.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT / "examples" / "bank-branch", self.path / "site", dirs_exist_ok=True)
        for name, content in (
            ("plan.json", asdict(self.plan)),
            ("catalogue.json", [asdict(row) for row in self.catalogue]),
            ("site.json", self.site),
        ):
            text = json.dumps(plain(content), ensure_ascii=False, indent=1)
            (self.path / name).write_text(text, encoding="utf-8")
        self.event(
            "run_opened",
            site={"id": self.site["id"], "name": self.site["name"], "sha256": "5" * 64},
            plan_sha256=self.plan.sha256,
            catalogue_sha256=self.plan.catalogue_sha256,
            software="yanshou 0.1.0",
            emulated=self.site["emulated"],
            decision_rule=self.plan.decision_rule.value,
        )
        return self

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)

    def event(self, kind: str, **fields: Any) -> dict[str, Any]:
        self.wait(0.2)
        utc = self.clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        mono = 51830.0 + (self.clock - START).total_seconds()
        prev = hashlib.sha256(self.lines[-1]).hexdigest() if self.lines else FIRST
        event = {"seq": len(self.lines) + 1, "kind": kind, "utc": utc, "mono": mono, **fields, "prev": prev}
        self.lines.append(json.dumps(plain(event), ensure_ascii=False, separators=(",", ":")).encode())
        if self.at_once:
            self.write()
        return event

    def write(self) -> None:
        (self.path / "journal.jsonl").write_bytes(b"".join(line + b"\n" for line in self.lines))

    def session(self, *, resumed: bool = False) -> None:
        self.event(
            "session_started",
            pid=4242,
            software="yanshou 0.1.0",
            platform="Linux",
            resumed=resumed,
            operator="张三",
            witness="李四",
        )

    def blob(self, data: bytes, item: str, name: str, media_type: str, note: str = "") -> str:
        digest = hashlib.sha256(data).hexdigest()
        path = self.path / "blobs" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.event(
            "evidence", item=item, sha256=digest, name=name, media_type=media_type, bytes=len(data), note=note
        )
        return digest

    def start(self, item: PlanItem, attempt: int = 1) -> None:
        self.event(
            "item_started",
            item=item.id,
            attempt=attempt,
            test=f"test_{item.measurand}",
            measurand=item.measurand,
            device=item.device,
        )

    def finish(self, item: PlanItem, outcome: str = "done", attempt: int = 1) -> None:
        self.event("item_finished", item=item.id, attempt=attempt, outcome=outcome, seconds=1.25)

    def measure(self, item: PlanItem, **over: Any) -> tuple[Measurement, str]:
        values: dict[str, Any] = {
            "measurand": item.measurand,
            "device": item.device,
            "quantity": Quantity.CONTINUOUS,
            "unit": "s",
            "n": 3,
            "statistic": "max",
        }
        values |= over
        if isinstance(values.get("value"), bool):
            values |= {"quantity": Quantity.LOGICAL, "unit": "", "statistic": "value"}
        measurement = Measurement(**values)
        self.measured += 1
        name = f"m{self.measured:04d}"
        self.event("measurement", item=item.id, id=name, **plain(asdict(measurement)))
        return measurement, name

    def judge(
        self,
        item: PlanItem,
        name: str,
        verdict: Verdict,
        measured: tuple[Measurement, str] | None,
        reason: str = "",
    ) -> None:
        row = next(one for one in self.catalogue if one.id == name)
        measurement = measured[0] if measured else None
        finding = Finding(
            requirement=name,
            standard=f"{row.standard}-{row.edition}"
            if row.standard.isascii()
            else f"{row.standard}（{row.edition}）",
            clause=row.clause,
            device=item.device,
            measurand=item.measurand,
            value=measurement.value if measurement else None,
            unit=measurement.unit if measurement else "",
            U=measurement.U if measurement else None,
            k=measurement.k if measurement else None,
            n=measurement.n if measurement else 0,
            limit=str(row.limit or Limit()),
            limit_status=row.limit_status.value,
            obligation=row.obligation,
            decision_rule=item.decision_rule.value,
            verdict=verdict,
            reason=reason,
            measurement=measured[1] if measured else "",
            evidence=measurement.evidence if measurement else (),
        )
        self.event("finding", item=item.id, **plain(asdict(finding)))

    def latency(self, item: PlanItem, values: list[float], verdict: Verdict, attempt: int = 1) -> None:
        """A timed item from start to end."""
        self.start(item, attempt)
        for value in values:
            at = 51830.0 + (self.clock - START).total_seconds()
            self.event("stimulus", item=item.id, what="open_loop", via="RELAY-2/6", instant=[at, at + 0.0003])
            self.wait(value)
            seen = [at + value - 0.001, at + value + 0.001]
            self.event("observation", item=item.id, what="zone_alarm", via="PANEL-1", instant=seen)
        raw = "index,latency_s\n" + "".join(f"{n},{value!r}\n" for n, value in enumerate(values, 1))
        csv = self.blob(raw.encode("utf-8-sig"), item.id, "latency.csv", "text/csv", "latency table")
        budget = (
            Component(
                "polling interval", "B", "rectangular", 0.00087, math.inf, "bracket of the observation"
            ),
            Component("relay delay", "B", "normal", 0.0012, math.inf, "loopback calibration"),
        )
        measured = self.measure(
            item,
            value=max(values),
            U=0.003128,
            k=2.0,
            n=len(values),
            raw=tuple(values),
            uncertainty=UncertaintyStatus.EVALUATED,
            budget=budget,
            evidence=(csv,),
        )
        for name in item.requirements:
            self.judge(item, name, verdict, measured)
        self.finish(item, "non_conform" if verdict is Verdict.NON_CONFORM else "done", attempt)

    def fault(self, item: PlanItem, what: str, device: str, attempt: int = 1) -> None:
        """An attempt that our own bench spoiled."""
        self.start(item, attempt)
        self.event(
            "trouble",
            item=item.id,
            family="rig_fault",
            what=what,
            device=device,
            remedy="检查继电器板供电与网线。",
            attempt=attempt,
        )
        self.finish(item, "rig_fault", attempt)

    def close(self, reason: str = "complete") -> None:
        self.event("session_ended", reason=reason)
        self.write()


def item(measurand: str, device: str, *requirements: str, **over: Any) -> PlanItem:
    return PlanItem(f"{measurand}[{device}]", measurand, device, requirements, **over)


def site_json(**over: Any) -> dict[str, Any]:
    names = {"zone": "双鉴探测器", "camera": "枪机", "door": "联动门"}
    ids = [(f"Z{n:02d}", "zone") for n in range(1, 13)] + [
        ("V01", "zone"),
        ("CAM-1", "camera"),
        ("CAM-2", "camera"),
        ("CAM-3", "camera"),
        ("D01", "door"),
        ("D02", "door"),
        ("NVR-1", "recorder"),
        ("PANEL-1", "panel"),
        ("PANEL-2", "panel"),
        ("XR-1", "xray"),
    ]
    devices = {
        name: {
            "name": names.get(kind, "设备"),
            "kind": kind,
            "model": "DT-7225",
            "location": "现金区",
            "parent": "",
        }
        for name, kind in ids
    }
    return {
        "id": "bank-branch",
        "name": "示范银行网点",
        "address": "内蒙古自治区呼和浩特市示范路 1 号",
        "time_zone": "Asia/Shanghai",
        "parties": {
            "client": "示范银行股份有限公司",
            "owner": "示范银行股份有限公司呼和浩特分行",
            "designer": "示范设计院",
            "builder": "示范安防工程有限公司",
            "laboratory": "示范检测中心（演示，非真实机构）",
        },
        "attributes": {"category": 3, "province": "内蒙古", "risk_grade": 2, "high_risk": True},
        "emulated": True,
        "devices": devices,
        "laboratory": {"name": "示范检测中心（演示，非真实机构）"},
        "instruments": [],
    } | over


def small_run(
    path: Path,
    *,
    plan: dict[str, Any] | None = None,
    obligation: Obligation = Obligation.REQUIREMENT,
    **site: Any,
) -> RunBuilder:
    """One item, one requirement, nothing run yet."""
    items = (item("alarm_response_time", "Z07", "IAS-RT-01"),)
    values: dict[str, Any] = {"site": "bank-branch", "seed": 7, "items": items, "sha256": "a" * 64}
    made = Plan(**(values | {"catalogue_sha256": "c" * 64} | (plan or {})))
    return RunBuilder(
        path, made, [requirement("IAS-RT-01", obligation=obligation)], site_json(**site)
    ).begin()


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
