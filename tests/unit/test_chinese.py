# SPDX-License-Identifier: Apache-2.0
"""The Chinese of mistakes and faults: whole, in step with the code, and found whatever is filled in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests import chinese as tool
from yanshou.cli.main import main
from yanshou.model.chinese import Sentence, in_chinese, sentences
from yanshou.model.trouble import Mistake, RigFault
from yanshou.protocols.onvif import fault as soap
from yanshou.protocols.onvif.envelope import NoEnvelope, soap_body
from yanshou.protocols.rtsp import message as rtsp
from yanshou.reports.messages import Messages

EXAMPLES = Path(__file__).parents[2] / "examples"
FIELD = re.compile(r"\{(\d+)\}")
PROSE = re.compile(r"\b[a-z]{3,} [a-z]{2,} [a-z]{2,}\b")


def test_the_files_hold_what_the_code_says_and_nothing_else() -> None:
    said = {text for texts in tool.said().values() for text in texts}
    by_hand = json.loads((tool.FOLDER / f"{tool.BY_HAND}.json").read_text(encoding="utf-8"))
    assert sorted(said - tool.translated().keys()) == [], "run python -m tests.chinese"
    assert sorted(tool.translated().keys() - said - by_hand.keys()) == [], "run python -m tests.chinese"


def test_every_sentence_has_chinese() -> None:
    assert [one.english for one in sentences() if not one.chinese] == []


def test_the_same_places_are_filled_in() -> None:
    wrong = [one for one in sentences() if set(FIELD.findall(one.english)) != set(FIELD.findall(one.chinese))]
    assert wrong == []


def test_each_sentence_is_found_again_with_its_values() -> None:
    wrong = []
    for one in sentences():
        values = {number: f"V{number}X" for number in FIELD.findall(one.english)}
        if one.literals:
            found = in_chinese(FIELD.sub(lambda place, values=values: values[place[1]], one.english))
            wrong += [(one.english, found)] if found.rstrip("。") != one.filled(values).rstrip("。") else []
    assert wrong == []


def test_a_mistake_is_one_line_in_chinese() -> None:
    mistake = Mistake(
        "site.toml",
        8,
        "site: there is no time zone 'Asia/Shanhai'.",
        "Did you mean Asia/Shanghai or Asia/Dhaka?",
    )
    line = "site.toml:8  site：没有时区 'Asia/Shanhai'。是否应为 Asia/Shanghai 或 Asia/Dhaka？"
    assert mistake.said(in_chinese) == line
    assert str(mistake).endswith("Did you mean Asia/Shanghai or Asia/Dhaka?")


def test_what_a_sentence_quotes_is_translated_too() -> None:
    assert in_chinese("cannot be read: Permission denied.") == "不可读：没有权限。"


def test_what_is_filled_in_does_not_take_in_the_next_sentence() -> None:
    first, then = "cannot be opened: [Errno 13] Permission denied.", "Save the file as UTF-8."
    assert in_chinese(f"BUS-1: {first} {then}") == f"BUS-1：{in_chinese(first)}{in_chinese(then)}"


def test_a_subject_before_a_sentence_stays() -> None:
    assert in_chinese("device PANEL-1: is not in the inventory.") == "设备 PANEL-1：不在点位表中。"


def test_the_place_of_a_mistake_stays() -> None:
    mistake = "inventory.csv:4  CAM-2: has no connection in the site file. Give it one, and plan anew."
    assert in_chinese(mistake) == "inventory.csv:4  CAM-2：工程文件中没有它的连接。请写明后重新制订方案。"


def test_what_nobody_translated_stays_as_it_is() -> None:
    assert in_chinese("a flux capacitor is out of flux.") == "a flux capacitor is out of flux."
    half = in_chinese("a flux capacitor is out of flux. Save the file as UTF-8.")
    assert half == "a flux capacitor is out of flux. 请把文件另存为 UTF-8。"


def test_the_names_of_the_site_are_no_sentences() -> None:
    """A device may be called like a sentence begins, or its name may hold a full stop."""
    assert in_chinese("there is no file Save.as. it.") == "没有文件 Save.as. it。"


def test_a_fault_of_the_bench_stands_on_the_chinese_page() -> None:
    fault = RigFault("nothing came from its account within 5 s.", device="LINK-1")
    shown = Messages("zh").reason(f"rig fault; {fault}")
    assert "LINK-1" in shown
    assert "5 s" in shown
    assert not PROSE.search(shown)


@pytest.mark.parametrize("subcode", [*soap.MEANINGS, "VendorsOwn"])
def test_the_meaning_of_a_soap_fault_is_chinese_and_the_words_of_the_device_are_its_own(subcode: str) -> None:
    own = "The request was refused: try again; later. Connection refused"
    said = RigFault(soap.as_text("GetProfiles", own, ("Sub", subcode)) + ".", device="CAM-1")
    shown = Messages("zh").reason(f"rig fault; {said}")
    assert shown.count(f'（Sub/{subcode}、"{own}"）') == 1
    assert not PROSE.search(shown.replace(own, ""))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>Router</body></html>",
        b'{"error": 5}',
        b"<!DOCTYPE x><x/>",
        b"<a><b></a>",
        b"<a/>",
    ],
)
def test_another_device_at_the_address_is_told_in_chinese(content: bytes) -> None:
    with pytest.raises(NoEnvelope) as caught:
        soap_body(content)
    shown = Messages("zh").reason(
        f"rig fault; {RigFault(f'GetCapabilities: {caught.value}.', device='CAM-1')}"
    )
    assert shown.startswith("检测装置故障；CAM-1：GetCapabilities：应答")
    assert not PROSE.search(re.sub('"[^"]*"', "", shown))


@pytest.mark.parametrize(
    "fault",
    [
        "http://192.0.2.7/a is redirected to another host, 192.0.2.8; nothing is sent there.",
        "did not answer within 1 s to reset; whether it was carried out is not known.",
        "did not answer within 1 s; it said 'Busy now'.",
    ],
)
def test_a_fault_with_a_semicolon_is_one_sentence_of_a_chinese_page(fault: str) -> None:
    shown = Messages("zh").reason(f"rig fault; {RigFault(fault, device='CAM-1')}; not run")
    assert shown == f"检测装置故障；CAM-1：{in_chinese(fault).removesuffix('。')}；未执行"
    assert not PROSE.search(shown)


@pytest.mark.parametrize("status", [*rtsp.MEANINGS, 499])
def test_the_meaning_of_a_refused_stream_is_chinese(status: int) -> None:
    said = rtsp.as_text("DESCRIBE", rtsp.RtspResponse(status, "Not Here At All", {}, b""))
    shown = in_chinese(f"CAM-1: {said}.")
    assert shown.endswith(f"（{status} Not Here At All）。")
    assert not PROSE.search(shown.replace("Not Here At All", ""))


def test_check_has_no_english_sentence_for_a_chinese_user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = (EXAMPLES / "bank-branch" / "site.toml").read_text(encoding="utf-8")
    wrong = (
        site.replace("Asia/Shanghai", "Asia/Shanhai")
        .replace("DR-SA", "DR-XX")
        .replace("[parties]", "[party]")
    )
    rows = (EXAMPLES / "bank-branch" / "inventory.csv").read_text(encoding="utf-8")
    (tmp_path / "site.toml").write_text(wrong, encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(rows.replace("PANEL-2", "PANEL-9"), encoding="utf-8")
    assert main(["check", str(tmp_path), "--lang", "zh"]) == 2
    shown = capsys.readouterr()
    lines = (shown.out + shown.err).splitlines()
    assert len(lines) == 5
    assert [line for line in lines if PROSE.search(line)] == []


def test_a_sentence_with_one_place_twice_is_not_taken_apart() -> None:
    one = Sentence("{0} hears {1}.", "{0} 收到 {1}。")
    assert one.fields("A hears B") == {"0": "A", "1": "B"}
    assert one.fields("Z01: A hears B") is None
