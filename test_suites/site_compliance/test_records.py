# SPDX-License-Identifier: Apache-2.0
"""记录保存与登记 — how far back the logs reach, and the papers that go with recordings."""

from __future__ import annotations

from datetime import date, datetime

from yanshou.fixtures.api import Ask, Duty, Record, View, evaluate, measures, message
from yanshou.model import Device, NotApplicable, Site


def _log(ask: Ask, record: Record, site: Site, measurand: str, key: str) -> None:
    """The oldest entry that can be called up is read by a person, who says where it was seen."""
    oldest = ask.day(f"{key}_oldest")
    ask.text(f"{key}_where")
    commissioned = site.attributes.get("commissioned")
    begun = commissioned if isinstance(commissioned, date) else None
    today = datetime.now().astimezone().date()
    record.measurement(evaluate.log_age(measurand, record.device, oldest, today, commissioned=begun))


@measures("access_record_retention", operator=True, seconds=60)
def test_access_record_retention(site: Site, ask: Ask, record: Record) -> None:
    """The oldest access event of the controller that can still be called up."""
    _log(ask, record, site, "access_record_retention", "access")


@measures("patrol_record_retention", operator=True, seconds=60)
def test_patrol_record_retention(site: Site, ask: Ask, record: Record) -> None:
    """The oldest patrol record that can be called up."""
    _log(ask, record, site, "patrol_record_retention", "patrol")


@measures("visitor_record_retention", operator=True, seconds=60)
def test_visitor_record_retention(site: Site, ask: Ask, record: Record) -> None:
    """The oldest record of visitors and vehicles that can be called up."""
    _log(ask, record, site, "visitor_record_retention", "visitor")


@measures("filing_delay", operator=True, seconds=60)
def test_filing_delay(ask: Ask, duty: Duty, record: Record) -> None:
    """Days from putting into use to the filing, by the dates on both papers; up to today without one."""
    used = ask.day("used")
    filing = duty.paper("filing")
    if filing is None and not duty.lacks:
        record.cannot("备案回执未在现场出示")
    filed = None if filing is None else filing.issued
    duty.measured(evaluate.filing_delay(record.device, used, filed, duty.today))


@measures("retrieval_registered", operator=True, seconds=60)
def test_retrieval_registered(ask: Ask, duty: Duty) -> None:
    """The register of retrievals holds person, reason, period and approval of each entry looked at."""
    if duty.paper("register") is not None:
        wanted = {"person": "人员", "reason": "事由", "period": "时段", "approval": "审批"}
        missing = [words for key, words in wanted.items() if not ask.yes(f"retrieval_{key}")]
        seen = ask.text("retrieval_seen")
        if missing:
            duty.broken(f"登记缺少：{'、'.join(missing)}（{seen}）")
    duty.conclude()


@measures("entrusted_secrecy", operator=True, seconds=60)
def test_entrusted_secrecy(ask: Ask, duty: Duty) -> None:
    """Everybody entrusted with building, maintenance and testing has signed to keep secrecy."""
    if duty.paper("secrecy_agreement") is not None and (lacking := ask.words("secrecy.lacking")):
        duty.broken(f"未签保密约定：{'、'.join(lacking)}")
    duty.conclude()


@measures("capture_sign_present", operator=True, seconds=60)
def test_capture_sign_present(ask: Ask, record: Record) -> None:
    """A clear sign stands wherever public places are recorded; one of them is photographed."""
    present = ask.yes("sign")
    if present:
        ask.photo("sign.photo")
    record.logical(conforms=present)


@measures("neighbour_consent", operator=True, seconds=60)
def test_neighbour_consent(ask: Ask, duty: Duty) -> None:
    """Where a camera is near a military or classified unit, its written consent is shown."""
    found = ask.choice("neighbour", ("none", "consent", "missing"))
    if found == "none":
        raise NotApplicable("附近没有军事、涉密单位")
    if found == "missing":
        duty.broken(message("neighbour.missing").zh)
    else:
        duty.paper("consent")
    duty.conclude()


@measures("forbidden_place_free", operator=True, seconds=30)
def test_forbidden_place_free(device: Device, view: View, ask: Ask, record: Record) -> None:
    """The camera's place by the inventory; place and view are then judged by a named person."""
    place = evaluate.place_of(device)
    if place.forbidden:
        record.logical(conforms=False, because=place.because)
        return
    seen = ask.yes("forbidden", show=(view.full(),))
    view.keep_blurred()
    if not seen and not place.kind:
        record.cannot(place.because)
    record.logical(conforms=not seen)


@measures("fault_repair_time", operator=True, seconds=60)
def test_fault_repair_time(ask: Ask, record: Record) -> None:
    """The longest repair in the maintenance record, from the report to the return to service."""
    hours = ask.number("repair_h", unit="h", low=0.0, high=10_000.0)
    ask.text("repair_no")
    record.measurement(evaluate.read_hours("fault_repair_time", record.device, hours))


@measures("video_backup_supply", operator=True, intrusive=("power_cut",), seconds=3600)
def test_video_backup_supply(ask: Ask, record: Record) -> None:
    """Mains is cut: hours until recording or live viewing stops."""
    hours = ask.number("backup_h", unit="h", low=0.0, high=1_000.0)
    record.measurement(evaluate.read_hours("video_backup_supply", record.device, hours))


@measures("local_storage_duration", operator=True, intrusive=("network_cut",), seconds=3 * 3600)
def test_local_storage_duration(ask: Ask, record: Record) -> None:
    """The camera's network is cut: hours of video then read back from the camera without a gap."""
    hours = ask.number("local_h", unit="h", low=0.0, high=10_000.0)
    record.measurement(evaluate.read_hours("local_storage_duration", record.device, hours))
