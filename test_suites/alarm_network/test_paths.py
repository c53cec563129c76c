# SPDX-License-Identifier: Apache-2.0
"""传输路径 — how soon a lost path is reported, and a blocked one shown at the controller."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Panel, PanelSignal, Record, Reporting, measures
from yanshou.model import NotApplicable

_SETTLE_S = 30.0
_REST_S = 1.0


def _path(reporting: Reporting, record: Record, number: int, within: float) -> None:
    """One path is cut: timed until the panel has reported it over the other, or there is none left."""
    path = reporting.paths[number - 1]
    if len(reporting.paths) > 1 and (why := reporting.path_fault_at_rest(number)):
        record.cannot(why)
    with reporting.supervised(reporting.supervision_s):
        cut = reporting.cut(path)
        seen = (
            reporting.wait_path_fault(number, since=cut, within=within)
            if len(reporting.paths) > 1
            else reporting.wait_lost(since=cut, within=within)
        )
    record.latency(cut, seen, within=within)


@measures("path_fault_report_time", intrusive=("network_cut",), seconds=10.0)
def test_path_fault_report_time(reporting: Reporting, path_wait: float, record: Record) -> None:
    """The first path is cut at the receiver's end."""
    _path(reporting, record, 1, path_wait)


@measures("alternate_path_fault_report_time", intrusive=("network_cut",), seconds=10.0)
def test_alternate_path_fault_report_time(reporting: Reporting, path_wait: float, record: Record) -> None:
    """The second path is cut at the receiver's end."""
    if len(reporting.paths) == 1:
        raise NotApplicable("该链路只有一条路径")
    _path(reporting, record, 2, path_wait)


@measures("all_paths_fault_report_time", intrusive=("network_cut",), seconds=10.0)
def test_all_paths_fault_report_time(reporting: Reporting, path_wait: float, record: Record) -> None:
    """Every path is cut: timed until the receiver's supervision, set as the centre's, reports them all."""
    with reporting.supervised(reporting.supervision_s):
        cut = reporting.cut(*reporting.paths)
        seen = reporting.wait_lost(since=cut, within=path_wait)
    record.latency(cut, seen, within=path_wait)


@measures("ats_category", operator=True)
def test_ats_category(ask: Ask, record: Record) -> None:
    """The category as designed, and the paths as found."""
    designed = ask.text("designed", pattern=r"(SP[1-6]|DP[1-4])")
    ask.text("document")
    ask.text("paths")
    record.text(designed)


@measures("transmission_block_fault", intrusive=("network_cut",), seconds=70.0)
def test_transmission_block_fault(panel: Panel, reporting: Reporting, record: Record) -> None:
    """The way to the centre is blocked, first for 25 s and then for 35 s: the latter must be shown.

    A fault that is shown with nothing blocked is none of the block: a panel that shows one in the first is
    watched as long with its way open.
    """
    if not panel.reports(PanelSignal.COMMUNICATION):
        record.cannot("主机接口不提供通信故障指示；请由人工核查")
    if not panel.watch_trouble(PanelSignal.COMMUNICATION, shown=False, seconds=_REST_S).held:
        record.cannot("阻断前主机已指示通信故障")
    before = record.duration("block_before_s", record.criterion("before_s"), "不足 30 s 的阻断")
    with reporting.blocked():
        early = not panel.watch_trouble(PanelSignal.COMMUNICATION, shown=False, seconds=before).held
    if panel.watch_trouble(PanelSignal.COMMUNICATION, shown=True, seconds=_SETTLE_S).held:
        record.cannot("通路恢复后故障指示未消失，无法再次阻断")
    enough = record.criterion("blocked_s")
    blocked = record.parameter("block_s", enough)
    if early and not panel.watch_trouble(PanelSignal.COMMUNICATION, shown=False, seconds=blocked).held:
        record.cannot("通路未阻断时主机也指示通信故障")
    with reporting.blocked():
        shown = not panel.watch_trouble(PanelSignal.COMMUNICATION, shown=False, seconds=blocked).held
    if not shown and blocked < enough:
        record.cannot(f"只阻断了 {blocked:g} s，未见故障指示；须阻断 {enough:g} s")
    said = "阻断 35 s 后主机未指示故障" if not shown else "不足 30 s 已指示" if early else ""
    record.logical(conforms=shown, n=2, because=said)
