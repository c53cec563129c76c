# SPDX-License-Identifier: Apache-2.0
"""记录保存与登记 — how far back the logs reach, and the papers that go with recordings."""

from __future__ import annotations

from datetime import date, datetime

from yanshou.fixtures.api import Ask, Record, View, evaluate, measures
from yanshou.model import NotApplicable, Site

_DATE = r"\d{4}-\d{2}-\d{2}"


def _date(ask: Ask, key: str, text: str) -> date:
    return date.fromisoformat(ask.text(key, f"{text}（年-月-日）", pattern=_DATE))


def _log(ask: Ask, record: Record, site: Site, measurand: str, what: str, key: str) -> None:
    """The oldest entry that can be called up is read by a person, who says where it was seen."""
    oldest = _date(ask, f"{key}_oldest", f"请调出最早的{what}，其日期")
    ask.text(f"{key}_where", f"{what}的来源（系统、表名或截图编号）")
    commissioned = site.attributes.get("commissioned")
    begun = commissioned if isinstance(commissioned, date) else None
    today = datetime.now().astimezone().date()
    record.measurement(evaluate.log_age(measurand, record.device, oldest, today, commissioned=begun))


@measures("access_record_retention", operator=True, seconds=60)
def test_access_record_retention(site: Site, ask: Ask, record: Record) -> None:
    """The oldest access event of the controller that can still be called up."""
    _log(ask, record, site, "access_record_retention", "出入记录", "access")


@measures("patrol_record_retention", operator=True, seconds=60)
def test_patrol_record_retention(site: Site, ask: Ask, record: Record) -> None:
    """The oldest patrol record that can be called up."""
    _log(ask, record, site, "patrol_record_retention", "巡查记录", "patrol")


@measures("visitor_record_retention", operator=True, seconds=60)
def test_visitor_record_retention(site: Site, ask: Ask, record: Record) -> None:
    """The oldest record of visitors and vehicles that can be called up."""
    _log(ask, record, site, "visitor_record_retention", "访客、车辆记录", "visitor")


@measures("filing_delay", operator=True, seconds=60)
def test_filing_delay(ask: Ask, record: Record) -> None:
    """Days from putting into use to the filing, by the dates on both papers."""
    used = _date(ask, "used", "系统投入使用文件的日期")
    filed = _date(ask, "filed", "公安机关备案回执的日期")
    ask.text("filing_no", "备案回执编号")
    record.measurement(evaluate.filing_delay(record.device, used, filed))


@measures("retrieval_registered", operator=True, seconds=60)
def test_retrieval_registered(ask: Ask, record: Record) -> None:
    """The register of retrievals holds person, reason, period and approval of each entry looked at."""
    wanted = {"person": "人员", "reason": "事由", "period": "时段", "approval": "审批"}
    missing = [
        words
        for key, words in wanted.items()
        if not ask.yes(f"retrieval_{key}", f"抽看查阅、复制、调取登记：每次是否都登记了{words}？")
    ]
    ask.text("retrieval_seen", "抽看的登记条目（编号或日期）")
    record.logical(
        conforms=not missing, n=len(wanted), because=f"登记缺少：{'、'.join(missing)}" if missing else ""
    )


@measures("entrusted_secrecy", operator=True, seconds=30)
def test_entrusted_secrecy(ask: Ask, record: Record) -> None:
    """Everybody entrusted with building, maintenance and testing has signed to keep secrecy."""
    kept = ask.yes("secrecy", "承担建设、运维、检验的单位是否都签有保密约定？")
    ask.text("secrecy_no", "保密约定编号或存放处")
    record.logical(conforms=kept)


@measures("capture_sign_present", operator=True, seconds=30)
def test_capture_sign_present(ask: Ask, record: Record) -> None:
    """A clear sign stands wherever public places are recorded."""
    record.logical(conforms=ask.yes("sign", "采集公共场所图像的点位附近是否都有显著提示标识？"))


@measures("neighbour_consent", operator=True, seconds=30)
def test_neighbour_consent(ask: Ask, record: Record) -> None:
    """Where a camera is near a military or classified unit, its written consent is on file."""
    options = {"none": "附近没有此类单位", "consent": "有书面同意", "missing": "没有书面同意"}
    found = ask.choice("neighbour", "点位邻近军事禁区、军事管理区或涉密单位时，是否有其书面同意？", options)
    if found == "none":
        raise NotApplicable("附近没有军事、涉密单位")
    record.logical(conforms=found == "consent", because=options[found])


@measures("forbidden_place_free", operator=True, seconds=30)
def test_forbidden_place_free(view: View, ask: Ask, record: Record) -> None:
    """The camera's place and view are judged by a named person."""
    question = "该点位是否位于或看得到禁止安装的场所（客房、宿舍、浴室、更衣室、卫生间等）？"
    seen = ask.yes("forbidden", question, show=(view.full(),))
    view.keep_blurred()
    record.logical(conforms=not seen)


@measures("fault_repair_time", operator=True, seconds=60)
def test_fault_repair_time(ask: Ask, record: Record) -> None:
    """The longest repair in the maintenance record, from the report to the return to service."""
    hours = ask.number("repair_h", "维护记录中最长的一次修复用时", unit="h", low=0.0, high=10_000.0)
    ask.text("repair_no", "该次维护记录编号")
    record.measurement(evaluate.read_hours("fault_repair_time", record.device, hours))


@measures("video_backup_supply", operator=True, intrusive=("power_cut",), seconds=3600)
def test_video_backup_supply(ask: Ask, record: Record) -> None:
    """Mains is cut: hours until recording or live viewing stops."""
    hours = ask.number("backup_h", "断开市电后录像或实时监视持续的时间", unit="h", low=0.0, high=1_000.0)
    record.measurement(evaluate.read_hours("video_backup_supply", record.device, hours))


@measures("local_storage_duration", operator=True, intrusive=("network_cut",), seconds=3 * 3600)
def test_local_storage_duration(ask: Ask, record: Record) -> None:
    """The camera's network is cut: hours of video then read back from the camera without a gap."""
    hours = ask.number("local_h", "断网后从摄像机本机连续读回的录像时长", unit="h", low=0.0, high=10_000.0)
    record.measurement(evaluate.read_hours("local_storage_duration", record.device, hours))
