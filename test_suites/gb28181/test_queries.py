# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 查询 — catalogue and status of a device (9.5), asked by the bench in the platform's place."""

from __future__ import annotations

from yanshou.fixtures.api import Record, Registrant, evaluate, measures


@measures("sip_catalogue", seconds=15.0)
def test_sip_catalogue(registrant: Registrant, record: Record) -> None:
    """Every camera of the inventory behind the device is in its catalogue once, and no other."""
    channels = registrant.channels()
    if nameless := [one.id for one in registrant.cameras() if one.id not in channels]:
        record.cannot(f"工程文件没有 {'、'.join(nameless[:5])} 等 {len(nameless)} 台摄像机的通道编码")
    said = registrant.ask("Catalog")
    if said.odd or said.foreign:
        record.deviation(f"目录应答：{'、'.join(said.odd) or '形式正确'}；他人序列号 {said.foreign} 条")
    if not said.whole:
        record.logical(conforms=False, because=_why(said.status, said.parts, said.totals, len(said.items)))
        return
    found = evaluate.sip.catalogue_differences(said.items, channels.values())
    doubled = f"；重复 {said.doubled} 条" if said.doubled else ""
    record.logical(conforms=bool(found.conforms), n=len(said.items), because=found.because + doubled)


def _why(status: int, parts: int, totals: tuple[int, ...], items: int) -> str:
    if not parts:
        return f"目录查询无应答（消息应答 {status or '无'}）"
    sums = "、".join(map(str, totals)) or "无"
    return f"目录应答不完整：SumNum {sums}，实收 {items} 条（{parts} 个应答）"


@measures("sip_device_status", seconds=5.0)
def test_sip_device_status(gb_device: Registrant, record: Record) -> None:
    """A device that is registered and answers says that it is online and works."""
    said = gb_device.ask("DeviceStatus", total_s=20.0)
    if not said.whole:
        record.logical(conforms=False, because=f"状态查询无应答（消息应答 {said.status or '无'}）")
        return
    found = evaluate.sip.device_status(said.values)
    stated = "、".join(f"{name} {said.values[name]}" for name in ("Encode", "Record") if name in said.values)
    if stated:
        record.unproven(f"未与现场核对的状态：{stated}")
    record.logical(conforms=bool(found.conforms), because=found.because)
