# SPDX-License-Identifier: Apache-2.0
"""Lines of a form that no profile knows: which zones they may be about, on logs in eight styles.

The styles are made up after printers and serial ports as they are met on site. Each has lines about an alarm
of zone {n}, none of which may be passed over, and lines about other things, which leave no zone in doubt.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from yanshou.protocols.unknown_form import subject_of

AT = datetime(2026, 11, 7, 12, 7, 5, tzinfo=UTC)
ZONES = (1, 3, 5, 7, 8, 11, 12, 16, 26, 31, 64, 107)

ABOUT = {
    "printer": [
        "07/11/26 12:07:05 ALARM ZONE {n:02d}",
        "ALARM Z{n} 12:07 07/11/2026",
        "{n:03d} BURGLARY 07-11-26",
    ],
    "chinese host": [
        "2026-11-07 12:07:05 {n:03d}防区报警",
        "2026年11月7日 12:07 防区{n} 入侵报警",
        "主机1 分区1 防区 {n:02d} 报警 用户0",
        "第{numeral}防区 紧急报警",
        "防区{numeral}报警",
        "防区{wide}报警",
    ],
    "named zones": [
        "2026-11-07 12:07:05 财务室红外 报警",
        "ALARM: VAULT DOOR",
        "TAMPER  BACK OFFICE  12:07:06",
    ],
    "contact id": ["1234 18 1130 01 {n:03d} 8", "E130 01 {n:03d}", "E13001{n:03d}", "123418113001{n:03d}5"],
    "partition and zone": [
        "P1 Z{n:02d} ALARM",
        "1-{n} ALARM",
        "01:{n:02d} AL",
        "1.{n} INTRUSION",
        "AREA 1 POINT {n}",
    ],
    "short": [
        "Z{n}",
        "A{n:03d}",
        "ZN={n};ST=1",
        "G001N{n:03d}A001",
        "6011{n:03d}2B",
        '"Z{n:03d}1',
        "!{n:04d},3",
        "#{n}",
    ],
    "as data": [
        '{{"zone": {n}, "state": "alarm"}}',
        "zone,{n},alarm,2026-11-07T12:07:05",
        "ev=130&zn={n}&u=0",
    ],
    "log": [
        "SEQ 000412 2026-11-07 12:07:05 ZONE {n} ALARM USER 0",
        "REC 0412 07.11.26 12:07:05 ALM {n:03d}",
        "USER 12 ALARM ZONE {n}",
        "20261107120705 ZONE {n} AL",
        "2026-11-07T12:07:05,120+08:00 zone {n} alarm",
        "DOOR {n} ALARM",
        "门{n} 报警",
    ],
}
NOT_ABOUT = {
    "printer": [
        "07/11/26 12:07:05 USER 07 SET",
        "07/11/26 12:08 MAINS RESTORED",
        "PAGE 12 PRINTED 07/11/2026",
    ],
    "chinese host": [
        "2026-11-07 12:07:05 用户08 布防",
        "2026年11月7日 12:07 交流电恢复",
        "2026-11-07 12:07:05 分区3 撤防 用户 5",
        "键盘 3 上线",
    ],
    "named zones": ["2026-11-07 12:07:05 财务室红外 恢复", "12:07:06 MAINS OK"],
    "contact id": ["ACCT 0012 TEST OK", "ACCOUNT: 1234 LINK OK"],
    "partition and zone": [
        "PARTITION 1 READY",
        "USER#7 IN",
        "USR 012 OUT",
        "用户编号0012 正常",
        "KEYPAD 3 ONLINE",
    ],
    "short": ["READY", "OK", "BATT 13.8V", "TEMP 26.5 °C", "CHARGE 64%", "SIGNAL 12 %"],
    "as data": [
        "link up 192.168.1.64:5011",
        "user=7,set,2026-11-07T12:07:05",
        "FW 1.12.3 READY",
        "2026-11-07T12:07:05.120+08:00 link up",
    ],
    "log": ["SEQ 000031 2026-11-07 12:07:05 CLOCK SET", "REC 0412 07.11.26 12:07:05 USER 12 SET"],
}
COUNTED = ["HEARTBEAT 0007", "HB 12", "LINK 0031 OK"]  # a number without a name may be that of a zone

_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
    return f"{_DIGITS[number // 100]}百零{_DIGITS[number % 100]}"


def written(form: str, number: int) -> str:
    wide = "".join(chr(ord(one) - ord("0") + ord("０")) for one in str(number))
    return form.format(n=number, numeral=numeral(number), wide=wide)


def digits_alone(line: str, number: int) -> bool:
    """The rule there was: any run of digits that is the number counts."""
    return re.search(rf"(?<!\d)0*{number}(?!\d)", line) is not None


@pytest.mark.parametrize("number", ZONES)
@pytest.mark.parametrize("maker", ABOUT)
def test_no_alarm_in_another_form_is_passed_over(maker: str, number: int) -> None:
    lines = [written(form, number) for form in ABOUT[maker]]
    assert [one for one in lines if not subject_of(one, "zone_alarm", AT).may_be(number)] == []


def doubted(lines: list[str], number: int) -> list[str]:
    return [one for one in lines if subject_of(one, "zone_alarm", AT).may_be(number)]


@pytest.mark.parametrize("maker", NOT_ABOUT)
def test_a_line_about_something_else_leaves_no_zone_in_doubt(maker: str) -> None:
    assert {number: found for number in ZONES if (found := doubted(NOT_ABOUT[maker], number))} == {}


def test_fewer_lines_leave_a_zone_in_doubt_than_by_their_digits_alone() -> None:
    noise = [line for lines in NOT_ABOUT.values() for line in lines]
    before = sum(digits_alone(line, number) for line in noise for number in ZONES)
    assert before > 30, "all of them needlessly, as the test above shows"
    missed = [
        (form, number)
        for forms in ABOUT.values()
        for form in forms
        for number in ZONES
        if not digits_alone(written(form, number), number)
    ]
    assert len(missed) > 60, (
        "and the rule there was passed over numbers in words, in a row of digits, and names"
    )


@pytest.mark.parametrize("line", COUNTED)
def test_a_number_without_a_name_may_be_that_of_a_zone(line: str) -> None:
    number = int("".join(filter(str.isdigit, line)))
    assert subject_of(line, "zone_alarm", AT).may_be(number)


@pytest.mark.parametrize("line", ["PARTITION 3 ARMED AWAY", "分区3 布防 用户 12", "SYSTEM ARMED"])
def test_a_partition_is_looked_for_by_the_name_of_partitions(line: str) -> None:
    assert subject_of(line, "partition_armed", AT).may_be(3)
    assert not subject_of(line, "zone_alarm", AT).may_be(3)


def test_a_user_is_no_partition() -> None:
    assert not subject_of("USER 3 DISARMED PARTITION 1", "partition_armed", AT).may_be(3)


@pytest.mark.parametrize("days", [-400, -2, 2, 31])
def test_a_date_far_from_today_may_be_the_place_of_a_zone(days: int) -> None:
    """Three numbers with dashes may be host, partition and zone."""
    line = f"{AT + timedelta(days=days):%y-%m-%d} ALARM"
    assert subject_of(line, "zone_alarm", AT).may_be((AT + timedelta(days=days)).day)


@pytest.mark.parametrize(
    "line", ["7" * 5000, "１-" * 3000, "2026-11-07 " * 400, "报警" * 2000, "十" * 900, ""]
)
def test_any_line_is_taken(line: str) -> None:
    subject_of(line, "zone_alarm", AT).may_be(7)
