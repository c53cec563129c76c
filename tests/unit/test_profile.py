# SPDX-License-Identifier: Apache-2.0
"""Device profiles: the shipped ones are sound, and a wrong one is told all its mistakes at once."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from yanshou.drivers.profile import load_profile, shipped, shipped_text
from yanshou.model import UsageError

HERE = Path(__file__).parent

GOOD = """\
schema = "yanshou-profile/1"
[device]
class = "alarm_panel"
vendor = "V"
model = "M"
protocol = "modbus"
document = "D"
"""


def mistakes(tmp_path: Path, text: str) -> dict[int | None, str]:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_profile("mine.toml", tmp_path)
    assert all(mistake.path == "mine.toml" for mistake in caught.value.mistakes)
    reported: dict[int | None, str] = {}
    for mistake in caught.value.mistakes:
        reported[mistake.line] = reported.get(mistake.line, "") + str(mistake)
    return reported


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_profile_is_sound(name: str) -> None:
    profile = load_profile(name, HERE)
    assert profile.name == name
    assert profile.document
    assert all(profile.point(point.role) is point for point in profile.points)
    assert all(profile.command(command.name) is command for command in profile.commands)


@pytest.mark.parametrize(
    "name", ["elmo-modbus-tcp", "bolid-s2000-pp", "advantech-adam-6060", "icpdas-et-7060"]
)
def test_a_map_nobody_compared_with_the_makers_paper_is_not_verified(name: str) -> None:
    assert load_profile(name, HERE).verified is None


def test_state_words_read_the_named_byte() -> None:
    point = load_profile("bolid-s2000-pp", HERE).point("zone_state")
    alarm = point.shows(frozenset({"alarm"}))
    assert alarm(0x0318)  # now alarm, before armed
    assert not alarm(0x1803)  # the other way round
    assert point.state_of(0x2D18) == "fault"
    assert point.state_of(0x6300) == "code 99"


def test_flags_may_be_bits_of_a_register_and_inverted(tmp_path: Path) -> None:
    text = GOOD + '[[point]]\nrole = "ac_loss"\narea = "holding"\naddress = 9\nbit = 4\ninvert = true\n'
    (tmp_path / "bits.toml").write_text(text, encoding="utf-8")
    on = load_profile("bits.toml", tmp_path).point("ac_loss").on()
    assert on(0x0000)
    assert on(0xFFEF)
    assert not on(0x0010)


def test_numbers_run_from_one_by_the_stride(tmp_path: Path) -> None:
    text = GOOD + '[[point]]\nrole = "zone_alarm"\narea = "discrete"\naddress = 9\ncount = 4\nstride = 3\n'
    (tmp_path / "stride.toml").write_text(text, encoding="utf-8")
    point = load_profile("stride.toml", tmp_path).point("zone_alarm")
    assert [point.offset(number) for number in (1, 2, 4)] == [0, 3, 9]
    with pytest.raises(UsageError, match="1 to 4, not 5"):
        point.offset(5)


def test_all_mistakes_are_told_with_their_lines(tmp_path: Path) -> None:
    text = """\
schema = "yanshou-profile/1"
[device]
class = "alarm_panel"
vendor = "V"
model = "M"
protocol = "modbus"
document = "D"
colour = "red"
[transport]
timeout_s = 0
max_read = { holding = 500 }
[[point]]
role = "zone_alarm"
area = "discrete"
address = 0
count = 12
[[point]]
role = "zone_tamper"
area = "discrete"
address = 8
count = 4
[[point]]
role = "zone_alarm"
area = "coil"
address = 65530
count = 10
[[point]]
role = "zone_state"
area = "holding"
address = 0
byte = "hi"
map = { "300" = "alarm", "x" = "armed", "4" = "on_fire", "5" = ["alarm"] }
[[command]]
name = "arm"
target = "partition"
area = "discrete"
address = 100
confirm = { role = "partition_armed", equals = 1, within_s = 5.0 }
[[command]]
name = "explode"
target = "partition"
area = "coil"
"""
    found = mistakes(tmp_path, text)
    assert "'colour' is not a key" in found[8]
    assert "timeout_s" in found[10]
    assert "from 1 to 125" in found[11]
    assert "zone_tamper and zone_alarm claim the same discrete" in found[20]
    assert "stands twice" in found[23]
    assert "beyond 65535" in found[26]
    assert "can never be shown" in found[32]
    assert "no number" in found[32]
    assert "'on_fire' is not known" in found[32]
    assert "a list is not known" in found[32]
    assert "cannot be written" in found[36]
    assert "no point for" in found[38]
    assert "name cannot be 'explode'" in found[40]
    assert "address is missing" in found[39]


def test_lines_have_their_own_rules(tmp_path: Path) -> None:
    text = """\
schema = "yanshou-profile/1"
[device]
class = "credential_injector"
vendor = "V"
model = "M"
protocol = "serial-line"
document = "D"
[[command]]
name = "present_card"
target = "door"
send = "CARD {nummer}"
expect = "(OK"
[[command]]
name = "reset"
target = "door"
send = "{"
expect = "OK"
"""
    found = mistakes(tmp_path, text)
    assert "unknown hole {nummer}" in found[11]
    assert "no regular expression" in found[12]
    assert "cannot be filled in" in found[16]


@pytest.mark.parametrize(
    "text", ["", "schema = ", "point = 3\n" + GOOD, "\x00", GOOD.replace("/1", "/9"), "[device]\nclass = 3"]
)
def test_nonsense_is_a_usage_error_and_never_a_traceback(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text)


def test_an_unknown_name_tells_what_there_is() -> None:
    with pytest.raises(UsageError, match="waveshare-relay-8ch"):
        load_profile("waveshare", HERE)
    with pytest.raises(UsageError, match="no such device profile"):
        load_profile("../profiles/waveshare-relay-8ch", HERE)


def test_a_missing_role_or_command_tells_what_there_is() -> None:
    profile = load_profile("waveshare-relay-8ch", HERE)
    with pytest.raises(UsageError, match=r"no point zone_alarm\. It has relay, input"):
        profile.point("zone_alarm")
    with pytest.raises(UsageError, match="no command arm"):
        profile.command("arm")


def test_an_overlap_behind_a_gap_is_found(tmp_path: Path) -> None:
    """A check of neighbours alone lets 10…14 and 12 pass when a third row stands between them."""
    rows = [
        ("zone_alarm", 10, 5, 1),
        ("zone_tamper", 40, 2, 1),
        ("zone_fault", 12, 1, 1),
        ("zone_open", 3, 3, 7),
    ]
    points = "".join(
        f'[[point]]\nrole = "{role}"\narea = "discrete"\n'
        f"address = {address}\ncount = {count}\nstride = {stride}\n"
        for role, address, count, stride in rows
    )
    found = mistakes(tmp_path, GOOD + points)
    assert "zone_fault and zone_alarm claim the same" in found[23]
    assert "zone_open and zone_alarm claim the same" in found[29]  # 3, 10, 17: by its stride
    assert len(found) == 2


SPOKEN = """\
schema = "yanshou-profile/1"
[device]
class = "alarm_panel"
vendor = "V"
model = "M"
protocol = "serial-line"
document = "D"
[transport]
checksum = "crc99"
[[message]]
match = '^Z(?P<nr>\\d+)(?P<code>[AB])$'
form = "Z{number}{code}"
map.code = { A = "zone_alarm=1", C = "zone_alarm=0", B = "zone_smoke=1" }
map.colour = { R = "zone_alarm=2" }
[[message]]
match = '^(('
map.code = { A = "zone_open=1" }
[[point]]
role = "zone_alarm"
count = 4
[[point]]
role = "zone_open"
count = 4
request = "ARM1"
expect = '^OPEN'
[[point]]
role = "zone_open"
default = 3
[[command]]
name = "arm"
target = "partition"
send = "ARM1"
expect = '^OK'
[[command]]
name = "disarm"
target = "partition"
send = "OFF{pin}"
expect = '^OK'
"""


def test_all_mistakes_of_a_speaking_profile_are_told_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, SPOKEN)
    assert "checksum cannot be 'crc99'" in found[9]
    assert "no group 'number'" in found[11]
    assert "match never finds 'C' as code" in found[13]
    assert "role 'zone_smoke' is not known" in found[13]
    assert "no group 'colour'" in found[13]
    assert "zone_alarm cannot be '2'" in found[13]
    assert "no regular expression" in found[16]
    assert "only reported when it changes" in found[19]
    assert "stands twice" in found[27]
    assert "zone_open cannot be '3'" in found[28]
    assert "the same text is asked to read a state" in found[32]
    assert "unknown hole {pin}" in found[37]


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("satel-integra", 'request = "02"', 'request = "84"', "84 is a command"),
        ("satel-integra", 'request = "02"', 'request = "2"', "not made of hexadecimal bytes"),
        (
            "hikvision-ax-isapi",
            'request = "/ISAPI/SecurityCP/status/subS',
            'request = "PUT /ISAPI/S',
            "no path",
        ),
        ("dsc-tpi", "[alive]", "[[start]]", "silent or dead cannot be known"),
        ("dsc-tpi", '"602" = "zone_alarm=0", ', "", "no message reports zone_alarm=0"),
        ("paradox-prt3", "expect = '^RZ{number:03d}'", "expect = '^RZ('", "no regular expression"),
    ],
)
def test_what_would_mislead_a_measurement_is_refused(
    name: str, old: str, new: str, what: str, tmp_path: Path
) -> None:
    text = shipped_text(name)
    assert old in text
    found = mistakes(tmp_path, text.replace(old, new, 1))
    assert any(what in expected for expected in found.values()), found


def test_a_site_verifies_a_shipped_map_without_copying_it(tmp_path: Path) -> None:
    text = """\
schema = "yanshou-profile/1"
extends = "satel-integra"
[transport]
timeout_s = 9.0
[verified]
by = "Laboratory"
date = 2026-11-01
document = "INTEGRA integration protocol, as delivered with SN 1"
"""
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    mine, shipped_one = load_profile("mine.toml", tmp_path), load_profile("satel-integra", HERE)
    assert mine.verified is not None
    assert shipped_one.verified is None
    assert mine.points == shipped_one.points
    assert mine.transport.timeout_s == 9.0
    found = mistakes(tmp_path, text.replace("satel-integra", "satel-integre"))
    assert "no shipped profile. Did you mean satel-integra" in found[2]


@pytest.mark.parametrize("name", ["dsc-tpi", "satel-integra", "bolid-s2000-pp", "contact-only"])
def test_a_damaged_profile_is_told_and_never_a_traceback(name: str, tmp_path: Path) -> None:
    """Each value of a sound file is replaced by nonsense: a mistake with its place, or nothing."""
    draw, lines = random.Random(11), shipped_text(name).splitlines()
    values = ["-1", '"("', "true", "[1]", "{ a = 1 }", '"{number"', "1e99", '""', "2026-01-01", "70000"]
    for number, line in enumerate(lines):
        key, _, old = line.partition(" = ")
        if not old:
            continue
        broken = [*lines]
        broken[number] = f"{key} = {draw.choice(values)}"
        (tmp_path / "mine.toml").write_text("\n".join(broken), encoding="utf-8")
        with contextlib.suppress(UsageError):
            load_profile("mine.toml", tmp_path)
