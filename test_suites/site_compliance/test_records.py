# SPDX-License-Identifier: Apache-2.0
"""记录保存与登记 — how far back the logs reach, and the papers that go with recordings."""

from __future__ import annotations

from datetime import date, datetime

from yanshou.fixtures.api import Ask, Duty, Record, View, evaluate, measures, message, rectangular
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
        missing = [label for key, label in wanted.items() if not ask.yes(f"retrieval_{key}")]
        seen = ask.text("retrieval_seen")
        if missing:
            duty.broken(f"登记缺少：{'、'.join(missing)}（{seen}）")
    duty.conclude()


@measures("entrusted_secrecy", operator=True, seconds=60)
def test_entrusted_secrecy(ask: Ask, duty: Duty) -> None:
    """Everybody entrusted with building, maintenance and testing has signed to keep secrecy."""
    if duty.paper("secrecy_agreement") is not None and (lacking := ask.names("secrecy.lacking")):
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


@measures("fault_repair_time", operator=True, seconds=180)
def test_fault_repair_time(ask: Ask, duty: Duty, record: Record) -> None:
    """Each fault of the maintenance record, from its report to the return to service; the longest counts."""
    if duty.paper("maintenance") is None:
        record.cannot("没有见到维护记录")
    numbers = list(dict.fromkeys(ask.names("repair.faults")))
    if not numbers:
        raise NotApplicable("维护记录中没有故障")
    repairs = [
        evaluate.Repair(
            number,
            ask.moment("repair.reported", key=f"repair{place}.reported", number=number),
            ask.ended("repair.mended", key=f"repair{place}.mended", number=number),
        )
        for place, number in enumerate(numbers, start=1)
    ]
    duty.measured(evaluate.longest_repair(record.device, repairs, duty.moment))


@measures("local_storage_duration", operator=True, intrusive=("network_cut",), seconds=3 * 3600)
def test_local_storage_duration(ask: Ask, duty: Duty, record: Record) -> None:
    """The camera's network is cut and restored; its recording of that time is read back from it."""
    cut, restored = ask.moment("local.cut"), ask.moment("local.restored")
    first, last = ask.ended("local.first"), ask.ended("local.last")
    if first is None or last is None:
        record.because("断网期间没有本机录像")
        record.values([0.0], "h", [rectangular("moments as written", 2 / 60, "to the minute")])
        return
    seen = evaluate.LocalStorage(cut, restored, first, last, ask.moments("local.breaks"))
    record.measurement(evaluate.stored_without_network(record.device, seen, duty.moment))
