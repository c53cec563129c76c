# SPDX-License-Identifier: Apache-2.0
"""Builds run folders exactly as docs/contracts.md §4 says, without running anything."""

from __future__ import annotations

import hashlib
import json
import math
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
    Statistic,
    Text,
    UncertaintyStatus,
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

    def session(self, *, resumed: bool = False, **more: object) -> None:
        self.event(
            "session_started",
            pid=4242,
            software="yanshou 0.1.0",
            platform="Linux",
            resumed=resumed,
            operator="张三",
            witness="李四",
            **more,
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
