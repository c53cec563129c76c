# SPDX-License-Identifier: Apache-2.0
"""A device attribute means one thing however it is written, and one nobody knows is told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model import Device, DeviceKind, UsageError
from yanshou.site import load_site
from yanshou.standards import load
from yanshou.vocabulary.device import ATTRIBUTES, INHERITED, KIND_SYSTEMS, named
from yanshou.vocabulary.site import SITE_ATTRIBUTES
from yanshou.vocabulary.spelling import squeezed, trimmed
from yanshou.vocabulary.values import Unfit

ROOT = Path(__file__).parents[2]
BRANCH = ROOT / "examples" / "bank-branch"
READERS = [ROOT / name for name in ("harness", "test_suites", "fixtures")]
DESCRIBED = {"view", "effect"}
"""What stands in an inventory for people, and no code compares."""


def listed(folder: Path, text: str, old: str = "type=hold_up") -> dict[str, Device]:
    """The devices of the example with one attribute of one line written otherwise."""
    for name in ("site.toml", "inventory.csv"):
        shutil.copy(BRANCH / name, folder / name)
    path = folder / "inventory.csv"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, text), encoding="utf-8")
    return dict(load_site(folder).devices)


def hold_ups(devices: dict[str, Device]) -> set[str]:
    return {one.id for one in devices.values() if one.attributes.get("type") == "hold_up"}


@pytest.mark.parametrize(
    "written",
    [
        *("type=紧急", "类型=紧急报警", "type＝holdup", "Type=Hold-Up", "type=Hold_Up", "TYPE=hold up"),
        *("防区类型=紧急按钮", "type=ｈｏｌｄ＿ｕｐ", "type=panic", "type=hold\u200b_up"),
    ],
)
def test_a_hold_up_zone_is_one_whichever_way_its_type_is_written(tmp_path: Path, written: str):
    expected = hold_ups(dict(load_site(BRANCH).devices))
    assert expected
    assert hold_ups(listed(tmp_path, written)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("type=hodl_up", "Did you mean hold_up"),
        ("type=紧极", "Did you mean 紧急"),
        ("tpye=hold_up", "Did you mean type"),
        ("on_escape_route=true", "is an attribute of a door, not of a zone"),
        ("type=hold_up; 类型=普通", "type is given twice"),
        ("perimeter=maybe", "only true or false"),
    ],
)
def test_what_is_not_in_the_vocabulary_is_told_with_its_line(tmp_path: Path, written: str, expected: str):
    with pytest.raises(UsageError) as caught:
        listed(tmp_path, written)
    assert any(
        expected in str(one) and one.line and one.path == "inventory.csv" for one in caught.value.mistakes
    )


def test_a_kind_that_says_it_is_a_button_is_a_hold_up_zone(tmp_path: Path):
    content = (BRANCH / "inventory.csv").read_text(encoding="utf-8")
    line = next(one for one in content.splitlines() if "type=hold_up" in one)
    kind = line.split(",")[1]
    button = (
        line.replace(f",{kind},", ",紧急报警按钮,", 1)
        .replace("type=hold_up; ", "")
        .replace("type=hold_up;", "")
    )
    name = line.split(",")[0]
    assert name in hold_ups(listed(tmp_path, button, line))
    with pytest.raises(UsageError, match="but its type is normal"):
        listed(tmp_path, line.replace(f",{kind},", ",紧急报警按钮,", 1).replace("hold_up", "normal"), line)


def test_a_device_of_another_system_than_its_kind_is_told(tmp_path: Path):
    content = (BRANCH / "inventory.csv").read_text(encoding="utf-8")
    line = next(one for one in content.splitlines() if "type=hold_up" in one)
    cells = line.split(",")
    with pytest.raises(UsageError, match="a zone belongs to intrusion"):
        listed(tmp_path, ",".join([*cells[:2], "video", *cells[3:]]), line)


def test_the_systems_of_a_kind_are_those_the_clauses_speak_of():
    for row in load().requirements.values():
        wanted = row.applies.get("system")
        for kind in row.population:
            if wanted is not None and DeviceKind(kind) in KIND_SYSTEMS:
                asked = set(wanted) if isinstance(wanted, list | tuple) else {wanted}
                assert asked & {one.value for one in KIND_SYSTEMS[DeviceKind(kind)]}, row.id


def asked_by_clauses() -> Iterator[tuple[str, DeviceKind, object]]:
    for row in load().requirements.values():
        conditions = row.applies.get("device", {})
        assert isinstance(conditions, dict)
        for key, wanted in conditions.items():
            for kind in row.population:
                for value in wanted if isinstance(wanted, list | tuple) else [wanted]:
                    yield key, DeviceKind(kind), value


def test_the_vocabulary_holds_what_is_read_and_nothing_else():
    code = "\n".join(path.read_text(encoding="utf-8") for root in READERS for path in root.rglob("*.py")
                     if path.parent.name != "vocabulary")  # fmt: skip
    read = set(re.findall(r"attributes(?:\.get\(|\[)\"(\w+)\"", code))
    known = {one.name for one in ATTRIBUTES}
    of_the_site = {"address", "commissioned", "required_systems", "contract_cites"}
    assert read - known - of_the_site == set()
    clauses = {key for key, _, _ in asked_by_clauses()} | INHERITED
    unread = {
        one for one in known - clauses - DESCRIBED if not re.search(rf"[\"']{one}[\"']|comm_zone_", code)
    }
    assert unread == set()


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_name_and_value_is_read_or_refused(key: str, value: str):
    for kind in DeviceKind:
        try:
            named(key, kind).value.read(value)
        except Unfit:
            continue


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("province", "内 蒙古", "内蒙古"),
        ("province", "内蒙古\u3000自治区", "内蒙古"),
        ("province", "上海市", "上海"),
        ("sector", "银行", "bank"),
        ("category", "第三项", 3),
        ("category", "（十二）", 12),
        ("risk_grade", "二级", 2),
        ("security_grade", "３级", 3),
        ("protection_class", "甲级", "A"),
        ("network_form", "公网", "public"),
        ("legal_basis", "第七条", "art7"),
    ],
)
def test_a_site_attribute_by_its_chinese_name(key: str, written: str, meant: object):
    assert SITE_ATTRIBUTES[key].read(written) == meant


def test_a_province_that_is_none_is_told(tmp_path: Path):
    for name in ("site.toml", "inventory.csv"):
        shutil.copy(BRANCH / name, tmp_path / name)
    text = (tmp_path / "site.toml").read_text(encoding="utf-8")
    assert 'province = "内蒙古"' in text
    (tmp_path / "site.toml").write_text(
        text.replace('province = "内蒙古"', 'province = "内蒙谷"'), encoding="utf-8"
    )
    with pytest.raises(UsageError, match="province cannot be"):
        load_site(tmp_path)


def test_blanks_of_every_script_are_blanks():
    assert trimmed("\u3000\u200b\ufeff Z01\u00a0\u2003") == "Z01"
    assert squeezed("ＨＯＬＤ－ＵＰ") == squeezed("hold_up") == "holdup"


HEADS = ["序号", "编号", "类型", "系统", "名称", "型号", "上级", "防区号", "属性"]


def workbook(folder: Path, *, sheets: int = 1) -> tuple[openpyxl.Workbook, Path]:
    folder.mkdir(exist_ok=True)
    text = 'name = "库"\ntime_zone = "Asia/Shanghai"\nrig = "emulated"\ninventory = "list.xlsx"\n'
    (folder / "site.toml").write_text(f'[site]\nid = "store"\n{text}', encoding="utf-8")
    book = openpyxl.Workbook()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = f"S{number + 1}"
        sheet.append(["某仓库点位表"])
        sheet.append(HEADS)
        sheet.append([1, f"P-{number}", "报警主机", "入侵报警", "主机", "EMU"])
        for row in range(1, 9):
            zone = f"Z{number}{row:02d}"
            sheet.append(
                [row + 1, zone, "防区", "入侵报警", zone, "HB-1", f"P-{number}", row, "type=hold_up"]
            )
    return book, folder / "list.xlsx"


def test_the_running_number_of_a_sheet_is_not_the_number_at_the_panel(tmp_path: Path):
    book, path = workbook(tmp_path)
    book.save(path)
    assert load_site(tmp_path).devices["Z003"].number == 3  # its 序号 is 4


def test_merged_cells_hold_for_all_their_lines(tmp_path: Path):
    book, path = workbook(tmp_path)
    book["S1"].merge_cells("I4:I11")
    book["S1"].merge_cells("F4:F11")
    book.save(path)
    devices = load_site(tmp_path).devices
    assert len(hold_ups(dict(devices))) == 8
    assert {one.model for one in devices.values()} == {"EMU", "HB-1"}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
@pytest.mark.parametrize("column", ["B", "F", "I"])
def test_an_error_value_is_told_with_its_cell(tmp_path: Path, error: str, column: str):
    book, path = workbook(tmp_path)
    book["S1"][f"{column}6"] = error
    book.save(path)
    with pytest.raises(UsageError) as caught:
        load_site(tmp_path)
    assert any(error in one.what and one.line == 6 for one in caught.value.mistakes)


def test_what_a_person_sees_and_the_reader_does_not_is_told(tmp_path: Path):
    book, path = workbook(tmp_path)
    sheet = book["S1"]
    sheet["F5"] = '=VLOOKUP("a",A1:B2,2)'
    sheet.row_dimensions[7].hidden = True
    book.save(path)
    with pytest.raises(UsageError) as caught:
        load_site(tmp_path)
    found = {one.line: one.what for one in caught.value.mistakes}
    assert "formula" in found[5]
    assert "hidden" in found[7]


def test_every_sheet_that_lists_devices_is_read_and_a_cover_is_passed_over(tmp_path: Path):
    book, path = workbook(tmp_path, sheets=2)
    cover = book.create_sheet("封面", 0)
    cover.append(["某仓库安防工程点位表"])
    book.save(path)
    assert len(load_site(tmp_path).devices) == 18
    strange = book.create_sheet("增补")
    for row in range(5):
        strange.append([f"X{row}", "防区?", "b", "c", "d"])
    book.save(path)
    with pytest.raises(UsageError, match="sheet 增补 is a table without a head"):
        load_site(tmp_path)


def test_a_stored_size_that_is_too_small_loses_no_line(tmp_path: Path):
    import zipfile

    book, path = workbook(tmp_path)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:I7"', parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in parts.items():
            archive.writestr(one, content)
    assert len(load_site(tmp_path).devices) == 9


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_as_any_program_writes_it(tmp_path: Path, delimiter: str, encoding: str):
    for name in ("site.toml",):
        shutil.copy(BRANCH / name, tmp_path / name)
    text = (BRANCH / "inventory.csv").read_text(encoding="utf-8")
    if delimiter != ",":
        text = text.replace(";", "；").replace(",", delimiter)
    (tmp_path / "inventory.csv").write_bytes(text.encode(encoding))
    assert load_site(tmp_path).devices.keys() == load_site(BRANCH).devices.keys()


def test_a_list_too_long_for_a_site_is_refused_at_once(tmp_path: Path):
    shutil.copy(BRANCH / "site.toml", tmp_path / "site.toml")
    lines = "".join(f"Z{n},zone,intrusion,z\n" for n in range(200_000))
    (tmp_path / "inventory.csv").write_text(f"id,kind,system,name\n{lines}", encoding="utf-8")
    with pytest.raises(UsageError, match="at most 20000 are read"):
        load_site(tmp_path)


def test_a_recorder_may_bear_the_attributes_of_the_cameras_beside_it():
    """One sheet lists all video devices with the same columns."""
    assert named("important", DeviceKind.RECORDER).name == "important"
    with pytest.raises(Unfit, match="is an attribute of a zone, not of a panel"):
        named("entry_s", DeviceKind.PANEL)


@pytest.mark.parametrize(
    ("name", "attributes", "wrong"),
    [
        ("1 号柜台紧急按钮", "partition=1", "no type is stated"),
        ("Panic button", "partition=1", "no type is stated"),
        ("柜台", "detector=button; partition=1", "no type is stated"),
        # as panels call the zone of a panic button; nobody would be asked before it calls the police
        ("紧急按钮", "type=24h; partition=1", "but its type is 24h"),
        ("紧急按钮", "type=24h; detector=foot_switch; partition=1", "but its type is 24h"),
        ("柜台", "type=普通; detector=button; partition=1", "but its type is normal"),
        ("紧急报警值班室门磁", "type=24h; detector=contact; partition=1", ""),
        ("手动报警按钮", "type=fire; partition=1", ""),
        ("紧急出口门磁", "partition=1", ""),
        ("幕帘", "partition=1", ""),
    ],
)
def test_a_zone_that_people_know_as_hold_up_is_one_or_says_what_it_is(
    tmp_path: Path, name: str, attributes: str, wrong: str
):
    content = (BRANCH / "inventory.csv").read_text(encoding="utf-8")
    line = next(one for one in content.splitlines() if "type=hold_up" in one)
    cells = line.split(",")
    cells[3], cells[4], cells[8] = name, "M", attributes
    if wrong:
        with pytest.raises(UsageError, match=wrong):
            listed(tmp_path, ",".join(cells), line)
    else:
        assert cells[0] not in hold_ups(listed(tmp_path, ",".join(cells), line))


def test_an_id_that_begins_with_a_hash_is_no_remark(tmp_path: Path):
    content = (BRANCH / "inventory.csv").read_text(encoding="utf-8")
    line = next(one for one in content.splitlines() if "type=hold_up" in one)
    with pytest.raises(UsageError, match="lines that begin with # are not read"):
        listed(tmp_path, "#11" + line[line.index(",") :], line)
    listed(tmp_path, f"#{line}", line)  # a line put out of use


def test_ids_that_differ_only_by_capital_letters_are_a_mistake(tmp_path: Path):
    content = (BRANCH / "inventory.csv").read_text(encoding="utf-8")
    line = next(one for one in content.splitlines() if one.startswith("Z12,"))
    with pytest.raises(UsageError, match=r"z11 and Z11 \(inventory.csv:17\) differ only by capital letters"):
        listed(tmp_path, line.replace("Z12,", "z11,"), line)


def test_a_camera_beyond_the_channels_of_its_recorder_is_a_mistake(tmp_path: Path):
    with pytest.raises(UsageError, match="its number is 3, but NVR-1 has 2 channels"):
        listed(tmp_path, "channels=2", "channels=3")
