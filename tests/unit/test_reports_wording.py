# SPDX-License-Identifier: Apache-2.0
"""The pages speak the field's words: no id of the plan, no name of the site file, one language, one zone."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from tests.support.big_run import big_run
from yanshou.model import DeviceKind, SampleRecord, Untestable
from yanshou.reports import load
from yanshou.reports import pdf as made
from yanshou.reports.document import document
from yanshou.reports.messages import Messages
from yanshou.reports.messages_devices import DEVICE_ATTRIBUTES, DEVICE_VALUES
from yanshou.reports.messages_field import ATTRIBUTE_VALUES, KINDS
from yanshou.reports.naming import picture_note
from yanshou.reports.view import RunView
from yanshou.vocabulary.device import ATTRIBUTES
from yanshou.vocabulary.site import SITE_ATTRIBUTES
from yanshou.vocabulary.values import WordValue

_ITEM = re.compile(r"[a-z][a-z0-9_]+\[[^\]]+\]")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunView:
    """A run in which every place that could print an id of ours has one."""
    run = big_run(tmp_path_factory.mktemp("whole") / "run")
    view = load(run.path)
    lots = (
        SampleRecord("camera/EMU-IPC [type=dome] #2", 4, 3, "all", ("CAM-1", "CAM-2", "CAM-3")),
        SampleRecord("zone/DT-7225", 12, 12, "GB 50348-2018 9.1.5; sample_all", ("Z01",)),
    )
    reason = "network_form 为 local，本条要求 public / network_form is local, the clause asks public"
    plan = replace(
        view.plan,
        sampling=lots,
        out_of_scope=("LNK-01", "NET-08", "REC-01"),
        not_applicable=(Untestable("IAS-XX-09", "PANEL-1", reason),),
    )
    named = {"legal_basis": "art7", "network_form": "local", "sector": "bank", "shared_card": True}
    rows = tuple(
        replace(row, finding=replace(row.finding, reason=reason))
        if row.finding.requirement == "IAS-XX-09"
        else row
        for row in view.rows
    )
    return replace(view, plan=plan, rows=rows, site=replace(view.site, attributes=named))


def text_of(view: RunView, language: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(made, "_pictures", lambda _view, _language: ({"figures": [], "photos": []}, {}))
    pages = pypdf.PdfReader(io.BytesIO(made.pdf_bytes(view, language))).pages
    return re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in pages))


def test_no_id_of_ours_is_on_the_pages(whole: RunView, monkeypatch: pytest.MonkeyPatch):
    text = text_of(whole, "zh", monkeypatch)
    assert _ITEM.findall(text) == []
    for ours in ("art7", "camera/", "zone/", "network_form", "lock_release", "sample_all", "theclauseasks"):
        assert ours not in text, ours
    for wording in ("视频监控系统", "检测时段", "检验批", "第七条", "本地联网", "释放电锁", "北京时间"):
        assert wording in text, wording
    assert "组网方式为本地联网，本条要求公共网络" in text
    assert "激励" not in text
    assert "会话" not in text


def test_an_english_page_has_the_english_half(whole: RunView):
    reasons = [row[4] for row in document(whole, "en")["na"]]
    assert reasons == ["network_form is local, the clause asks public"]


def test_what_is_out_of_scope_is_a_table_by_system(whole: RunView):
    assert document(whole)["scope"] == [
        ["安全防范系统集成与联动", "1", "报警与视频联动（GB 55029 3.6.2）"],
        [
            "视频监控系统",
            "2",
            (
                "实时视频帧率（GB/T 28181 5.3）、"
                "视频图像信息保存期限（公共安全视频图像信息系统管理条例（国务院令第 799 号） 第二十条）"
            ),
        ],
    ]


def test_a_lot_is_named_by_kind_and_model(whole: RunView):
    assert [row[0::3] for row in document(whole)["sampling"]] == [
        ["摄像机 EMU-IPC（符合条款条件的部分，2）", "全数"],
        ["防区 DT-7225", "GB 50348-2018 9.1.5；按约定全数加抽"],
    ]


def test_each_word_of_the_site_file_has_its_word_in_the_report():
    values = {
        str(word)
        for value in SITE_ATTRIBUTES.values()
        if isinstance(value, WordValue)
        for word in value.allowed
        if re.fullmatch(r"[a-z_0-9]{2,}", str(word))
    }
    assert values <= ATTRIBUTE_VALUES.keys()
    assert {kind.value for kind in DeviceKind} <= KINDS.keys()


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("[Errno 111] Connection refused", "连接被拒绝"),
        ("读取失败：[WinError 10060] A connection attempt failed", "读取失败：连接超时"),
        ("[Errno 9999] Something", "系统错误 9999"),
        ("province 为 北京，本条要求 重庆 / province is 北京, the clause asks 重庆",
         "省级行政区为北京，本条要求重庆"),
        ("未说明 security_grade（本条要求 3 或 4） / security_grade is not stated (the clause asks 3 or 4)",
         "未说明系统安全等级（本条要求 3 或 4）"),
        ("LINK-1：ats_category 为 DP4，本条要求 SP1 / LINK-1: ats_category is DP4, the clause asks SP1",
         "LINK-1：传输类别为 DP4，本条要求 SP1"),
        ("CAM-1：video_diagnosis 为 False，本条要求 True / CAM-1: video_diagnosis is not so",
         "CAM-1：视频诊断为否，本条要求是"),
        ("未说明 technology（本条要求 wired 或 bus） / technology is not stated (the clause asks it)",
         "未说明技术（本条要求有线 或 总线）"),
        ("本工程无 video 子系统 / the site has no video system", "本工程无视频监控系统"),
        ("D01: no credential ran on the line of its reader.", "D01：其读卡器线路上没有凭证送过"),
        ("继电器 RELAY-2/11 回读不一致", "继电器 RELAY-2/11 回读不一致"),
    ],
)  # fmt: skip
def test_a_reason_is_told_in_chinese(expected: str, printed: str):
    assert Messages("zh").reason(expected) == printed


def test_times_name_the_zone_of_the_site(whole: RunView):
    content = document(whole)
    assert content["t"]["c.start"] == "开始（北京时间）"
    west = replace(whole, site=replace(whole.site, time_zone="Asia/Urumqi"))
    assert "Asia/Urumqi UTC+" in document(west)["t"]["c.time"]


def test_a_deviation_says_things_in_the_words_of_the_field(whole: RunView, tmp_path: Path):
    stated = replace(whole.deviations[0], text="未释放 lock_release")
    view = replace(whole, deviations=(stated,))
    assert document(view)["deviations"][0][1] == "未释放 释放电锁"


@pytest.mark.parametrize(
    ("language", "note", "printed"),
    [
        ("zh", "blurred snapshot", "已模糊"),
        ("zh", "slanted_edge chart frame", ""),
        ("zh", "防区两端", "防区两端"),
        ("en", "blurred snapshot", "blurred snapshot"),
    ],
)
def test_a_picture_is_noted_in_one_language(language: str, note: str, printed: str):
    assert picture_note(note, Messages(language)) == printed


def test_the_words_of_attributes_are_those_of_the_point_list():
    """Reports read a run folder alone and have words of their own: they are the ones a column is named by."""
    chinese = re.compile("[\u4e00-\u9fff]")
    known = {one.name: one for one in reversed(ATTRIBUTES)}
    named = {name for name, one in known.items() if any(map(chinese.search, one.names))}
    assert DEVICE_ATTRIBUTES.keys() == named
    spelt = {name: {text for one in ATTRIBUTES if one.name == name for text in one.names} for name in named}
    assert {name for name, text in DEVICE_ATTRIBUTES.items() if text not in spelt[name]} == set()
    for name, values in DEVICE_VALUES.items():
        read = [one.value for one in ATTRIBUTES if one.name == name]
        for value, text in values.items():
            assert value in {one.read(text) for one in read if spells(one, text)}, f"{name}: {text}"


def spells(value: object, text: str) -> bool:
    """Whether a closed list has this spelling."""
    return isinstance(value, WordValue) and any(text in names for names in value.values.values())
