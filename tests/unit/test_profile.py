# SPDX-License-Identifier: Apache-2.0
"""Device profiles: the shipped ones are sound, and a wrong one is told all its mistakes at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanshou.drivers.profile import load_profile, shipped
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
    told: dict[int | None, str] = {}
    for mistake in caught.value.mistakes:
        told[mistake.line] = told.get(mistake.line, "") + str(mistake)
    return told


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
map = { "300" = "alarm", "x" = "armed", "4" = "on_fire" }
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
    told = mistakes(tmp_path, text)
    assert "unknown key 'colour'" in told[8]
    assert "timeout_s" in told[10]
    assert "1…125" in told[11]
    assert "zone_tamper and zone_alarm claim the same discrete" in told[20]
    assert "stands twice" in told[23]
    assert "beyond 65535" in told[26]
    assert "can never be shown" in told[32]
    assert "no number" in told[32]
    assert "'on_fire' is not known" in told[32]
    assert "cannot be written" in told[36]
    assert "no point for" in told[38]
    assert "'explode' is not known" in told[40]
    assert "address is missing" in told[39]


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
    told = mistakes(tmp_path, text)
    assert "unknown hole {nummer}" in told[11]
    assert "no regular expression" in told[12]
    assert "cannot be filled in" in told[16]


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
