# SPDX-License-Identifier: Apache-2.0
"""What a run would refuse, or take for something else, is told by ``check`` with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from yanshou.drivers.field.wiring import site_mistakes
from yanshou.fixtures.prepare import plan_of
from yanshou.instruments.registry import load_instruments, read_instruments
from yanshou.model import UsageError
from yanshou.planning import check_site
from yanshou.planning.scope import check_agreement
from yanshou.site import load_site
from yanshou.standards import load
from yanshou.standards.names import shipped_names

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
Change = Callable[[str, str, str], None]
RETEST = 'repetitions = 3\nretest = [{ population = "camera/EMU-IPC", %s }]'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANSHOU_CAMERA_PASSWORD", "demo")
    for name in ("site.toml", "inventory.csv", "answers.toml"):
        shutil.copy(BRANCH / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Change:
    def replaced(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replaced


def mistakes_of(folder: Path) -> list[str]:
    today = datetime.now().astimezone().date()
    found = check_site(folder, today, catalogue=lambda _: shipped_names())
    return [f"{one.path}:{one.line} {one.what}" for one in found]


def cameras(folder: Path) -> set[str]:
    """The cameras that are tested by a sample."""
    plan = plan_of(load_site(folder), load(), load_instruments(folder))
    return {name for one in plan.sampling if one.population == "camera/EMU-IPC" for name in one.drawn}


DAYS = ["2026-10-01", "2026/10/1", "2026.10.01", "2026年10月1日", "２０２６-10-01"]


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_one_however_it_is_written(folder: Path, change: Change, written: str) -> None:
    change("inventory.csv", "view=现金柜台", f"view=现金柜台; commissioned={written}")
    assert mistakes_of(folder) == []
    assert load_site(folder).devices["CAM-2"].attributes["commissioned"] == "2026-10-01"


@pytest.mark.parametrize("written", ["20261001", "2026-10", "2026-13-01", "去年", "2026-02-30", "true"])
def test_what_is_no_day_is_told_before_a_run_stumbles_over_it(
    folder: Path, change: Change, written: str
) -> None:
    change("inventory.csv", "view=现金柜台", f"view=现金柜台; commissioned={written}")
    (mistake,) = mistakes_of(folder)
    assert mistake.startswith("inventory.csv:26 ")
    assert "only a day" in mistake


def test_a_device_that_is_put_into_use_only_later_is_a_mistake(folder: Path, change: Change) -> None:
    """No recording would be due from it, and what it lost would not count."""
    later = date.today() + timedelta(days=30)  # noqa: DTZ011 - a month off
    change("inventory.csv", "view=现金柜台", f"view=现金柜台; commissioned={later}")
    (mistake,) = mistakes_of(folder)
    assert mistake == f"inventory.csv:26 CAM-2: commissioned = {later} is still to come."


@pytest.mark.parametrize(("key", "text"), [("reason", '" "'), ("document", '""'), ("document", '"\u3000"')])
def test_a_stop_for_maintenance_without_its_document_is_a_mistake(folder: Path, key: str, text: str) -> None:
    stated = {"reason": '"pole replaced"', "document": '"record 117"'} | {key: text}
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[maintenance]]\ndevices = ["CAM-1"]\nfrom = 2026-11-02 08:00:00\n')
        file.write("until = 2026-11-02 10:00:00\n")
        file.writelines(f"{name} = {one}\n" for name, one in stated.items())
    (mistake,) = mistakes_of(folder)
    assert f"{key} is missing" in mistake


@pytest.mark.parametrize("name", ["CAM-9", "Z01"])
def test_a_retest_of_what_is_not_there_is_told_as_the_run_tells_it(
    folder: Path, change: Change, name: str
) -> None:
    change("site.toml", "repetitions = 3", RETEST % f'first_n = 2, failed = ["{name}"]')
    (mistake,) = mistakes_of(folder)
    assert mistake.startswith("site.toml:")
    assert mistake.endswith(f"retest of camera/EMU-IPC names {name}, not in that population.")
    with pytest.raises(UsageError, match="not in that population"):
        plan_of(load_site(folder), load(), load_instruments(folder))


def test_a_retest_of_a_lot_that_is_not_there_is_a_mistake(folder: Path, change: Change) -> None:
    change("site.toml", "repetitions = 3", (RETEST % "first_n = 2").replace("EMU-IPC", "EMU-IPX"))
    (mistake,) = mistakes_of(folder)
    assert "retest names camera/EMU-IPX, and the inventory has no such devices." in mistake


def test_a_retest_never_tests_fewer_than_the_rule(folder: Path, change: Change) -> None:
    """Of three cameras all are tested; a first sample of one, doubled, would leave one of them out."""
    assert cameras(folder) == {"CAM-1", "CAM-2", "CAM-3"}
    change("site.toml", "repetitions = 3", RETEST % 'first_n = 1, failed = ["CAM-1"]')
    assert cameras(folder) == {"CAM-1", "CAM-2", "CAM-3"}


def test_a_foreign_standard_that_is_cited_without_its_edition_is_told(folder: Path, change: Change) -> None:
    """Its clauses would be called not applicable, as if the contract did not name it."""
    change("site.toml", "contract_cites = []", 'contract_cites = ["IEC 62676-1-1", "GB 99999", "GB 55029"]')
    (mistake,) = check_agreement(load_site(folder), load())
    assert mistake.what.startswith("contract_cites names IEC 62676-1-1 without its edition")
    assert mistake.remedy == "Write IEC 62676-1-1:2013."
    change("site.toml", '"IEC 62676-1-1"', '"IEC 62676-1-1:2013"')
    assert check_agreement(load_site(folder), load()) == []


def test_one_instrument_registered_twice_is_a_mistake(folder: Path) -> None:
    """Its older certificate could be taken for that of another instrument."""
    text = (folder / "site.toml").read_text(encoding="utf-8")
    begin = text.index('[[instrument]]\nid = "DOSE-1"')
    entry = text[begin : text.index("\n\n", begin)]
    again = entry.replace("DOSE-1", "DOSE-2").replace("2026-1102", "2025-0007").replace("R-20331", "r 20331")
    (folder / "site.toml").write_text(f"{text}\n{again}\n", encoding="utf-8")
    (mistake,) = read_instruments(folder)[1]
    assert "DOSE-1 once more" in mistake.what
    other = again.replace("r 20331", "R-20332")
    (folder / "site.toml").write_text(f"{text}\n{other}\n", encoding="utf-8")
    assert read_instruments(folder)[1] == []


def test_a_number_in_full_width_is_that_number(folder: Path, change: Change) -> None:
    wide = "battery_ah=１７．５; supply_v=１２"
    change("inventory.csv", "battery_ah=17; supply_v=12", wide)
    assert mistakes_of(folder) == []
    panel = load_site(folder).devices["PANEL-1"].attributes
    assert (panel["battery_ah"], panel["supply_v"]) == (17.5, 12)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("CARD-1/1", None),
        ("CARD-1/7", None),  # how many it has is not in its profile
        ("CARD-1/0", "are counted from 1"),
        ("RELAY-3/31", "presents no credentials"),
    ],
)
def test_a_reader_is_wired_to_an_output_that_a_source_has(
    folder: Path, change: Change, output: str, expected: str | None
) -> None:
    change("inventory.csv", "reader=CARD-1/1", f"reader={output}")
    found = [str(one) for one in site_mistakes(load_site(folder)) if "reader is wired" in one.what]
    assert [expected in one for one in found] == ([True] if expected else [])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("yanshou-emulated-panel-12", "waveshare-relay-8ch", "the class relay_board, and it is a panel"),
        (
            "yanshou-emulated-relay-32",
            "yanshou-emulated-panel-12",
            "the class alarm_panel, and it is a relay_board",
        ),
        (
            "yanshou-emulated-door-controller",
            "hikvision-acs-isapi",
            "is for isapi, and its connection is modbus",
        ),
        (
            "yanshou-emulated-door-controller",
            "elmo-modbus-tcp",
            "the class alarm_panel, and it is a door_controller",
        ),
        ("yanshou-credential-injector", "osdp-reader", "is for osdp, and its connection is serial-line"),
        ("yanshou-credential-injector", "satel-integra", "the class alarm_panel, and it is a reader"),
    ],
)
def test_a_profile_of_another_device_or_protocol_is_told(
    folder: Path, change: Change, old: str, new: str, expected: str
) -> None:
    assert site_mistakes(load_site(folder)) == []
    change("site.toml", f'profile = "{old}"', f'profile = "{new}"')
    found = site_mistakes(load_site(folder))
    assert [one.line for one in found if expected in one.what] == [found[0].line]


def test_a_profile_that_somebody_will_compare_one_day_is_not_verified(folder: Path, change: Change) -> None:
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - the day of the laboratory
    for day, expected in ((tomorrow, f"verified: date {tomorrow} is in the future."), (date.today(), "")):  # noqa: DTZ011
        text = 'schema = "yanshou-profile/1"\nextends = "yanshou-emulated-panel-12"\n'
        signed = f'[verified]\nby = "Zhang San"\ndate = {day}\ndocument = "manual"\n'
        (folder / "mine.toml").write_text(text + signed, encoding="utf-8")
        if expected:
            change("site.toml", 'profile = "yanshou-emulated-panel-12"', 'profile = "mine.toml"')
        assert [one.what for one in site_mistakes(load_site(folder))] == [expected] * bool(expected)
