# SPDX-License-Identifier: Apache-2.0
"""Panels whose lines are Chinese text: GBK or UTF-8, as the profile states; other bytes stay unreadable."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import fresh_server
from tests.support.line_site import CONNECTIONS, emulated_bench
from tests.support.patience import HUNG_S
from yanshou.acquisition import ON, Acquisition, Bus
from yanshou.drivers.field.probe import Place, Role, read_device
from yanshou.drivers.profile import load_profile
from yanshou.model import Instant, RigFault, UsageError, now
from yanshou.model.signal import ZoneSignal
from yanshou.protocols.speech import Secrets, Speech
from yanshou.wires.lines import CODINGS, LineFraming

# 防区 007 报警 and 防区 007 恢复, written out from the code tables
GBK = {1: b"\xb7\xc0\xc7\xf8 007 \xb1\xa8\xbe\xaf", 0: b"\xb7\xc0\xc7\xf8 007 \xbb\xd6\xb8\xb4"}
UTF_8 = {
    1: b"\xe9\x98\xb2\xe5\x8c\xba 007 \xe6\x8a\xa5\xe8\xad\xa6",
    0: b"\xe9\x98\xb2\xe5\x8c\xba 007 \xe6\x81\xa2\xe5\xa4\x8d",
}
HEAD = """\
schema = "yanshou-profile/1"
[device]
class = "alarm_panel"
vendor = "V"
model = "M"
protocol = "serial-line"
document = "D"
[transport]
timeout_s = {timeout_s}
{coding}
"""
PROFILE = (
    HEAD
    + """
[alive]
request = "状态?"
expect = '^正常$'
every_s = 0.3
[[message]]
match = '^防区 (?P<number>\\d{{3}}) (?P<state>报警|恢复)'
form = "防区 {{number:03d}} {{state}}"
map.state = {{ "报警" = "zone_alarm=1", "恢复" = "zone_alarm=0" }}
[[point]]
role = "zone_alarm"
count = 16
default = 0
[[point]]
role = "ac_loss"
request = "状态?"
expect = '^正常$'
[[message]]
match = '^(?P<main>正常|停电)$'
map.main = {{ "正常" = "ac_loss=0", "停电" = "ac_loss=1" }}
"""
)


EMULATED = (
    HEAD
    + """
[[message]]
match = '^防区 (?P<number>\\d{{3}}) (?P<state>报警|正常)$'
form = "防区 {{number:03d}} {{state}}"
map.state = {{ "报警" = "zone_alarm=1", "正常" = "zone_alarm=0" }}
[[message]]
match = '^分区 (?P<number>\\d) (?P<state>布防|撤防)$'
form = "分区 {{number}} {{state}}"
map.state = {{ "布防" = "partition_armed=1", "撤防" = "partition_armed=0" }}
[[point]]
role = "zone_alarm"
count = 8
request = "查防区 {{number:03d}}"
expect = '^防区 {{number:03d}} '
[[point]]
role = "partition_armed"
count = 1
request = "查分区 {{number}}"
expect = '^分区 {{number}} '
[[command]]
name = "arm"
target = "partition"
send = "布防 {{number}}"
expect = '^布防 {{number}} 成功$'
confirm = {{ role = "partition_armed", equals = 1, within_s = 60.0 }}
[[command]]
name = "disarm"
target = "partition"
send = "撤防 {{number}}"
expect = '^撤防 {{number}} 成功$'
confirm = {{ role = "partition_armed", equals = 0, within_s = 60.0 }}
"""
)


class Panel:
    """Answers each line with ``answer``, and says what it is told to say."""

    def __init__(self, answer: bytes) -> None:
        self.asked: list[bytes] = []
        self._answer = answer
        self._server = fresh_server()
        self.port = self._server.getsockname()[1]
        self._partner: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def say(self, data: bytes) -> None:
        assert self._partner is not None
        self._partner.sendall(data + b"\r\n")

    def close(self) -> None:
        for one in (self._server, self._partner):
            if one is not None:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._partner, _ = self._server.accept()
                pending = b""
                while data := self._partner.recv(4096):
                    *lines, pending = (pending + data).split(b"\r\n")
                    for one in lines:
                        self.asked.append(one)
                        self._partner.sendall(self._answer + b"\r\n")


@pytest.fixture(params=["gbk", "gb18030", "utf-8"])
def coding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def panel(coding: str) -> Iterator[Panel]:
    made = Panel(b"\xe6\xad\xa3\xe5\xb8\xb8" if coding == "utf-8" else b"\xd5\xfd\xb3\xa3")
    yield made
    made.close()


def profile_in(folder: Path, coding: str, timeout_s: float = HUNG_S) -> str:
    text = PROFILE.format(coding=f'coding = "{coding}"', timeout_s=timeout_s)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return "mine.toml"


def speech_in(folder: Path, coding: str) -> Speech:
    speech = load_profile(profile_in(folder, coding), folder).speech
    assert speech is not None
    return speech


def tried(folder: Path, coding: str, panel: Panel, timeout_s: float) -> dict[str, Role]:
    profile = load_profile(profile_in(folder, coding, timeout_s), folder)
    read = read_device("mine.toml", profile, Place(f"127.0.0.1:{panel.port}"), folder)
    return {one.role: one for one in read}


def test_a_panel_that_writes_chinese_is_heard(tmp_path: Path, coding: str, panel: Panel) -> None:
    lines = UTF_8 if coding == "utf-8" else GBK
    bus = Bus("tcp-line", host="127.0.0.1", port=panel.port, devices={"0": "PANEL-1"})
    with Acquisition(ordinary=True) as acquisition:
        opened = acquisition.converse(bus, speech_in(tmp_path, coding), Secrets())
        cell = ("zone_alarm", 7)
        opened.follow([cell, ("zone_alarm", 8)])
        since = Instant(now(), now())
        panel.say(lines[1])
        assert opened.wait(cell, ON, since=since, within=HUNG_S) is not None
        assert opened.wait(("zone_alarm", 8), ON, since=since, within=0.3) is None, "and it is not zone 8's"
        assert panel.asked[0] == (b"\xe7\x8a\xb6\xe6\x80\x81?" if coding == "utf-8" else b"\xd7\xb4\xcc\xac?")
        since = Instant(now(), now())
        panel.say(lines[1][:-1])  # a line cut in the middle of a character
        with pytest.raises(RigFault, match="cannot be read and may be about it"):
            opened.wait(("zone_alarm", 8), ON, since=since, within=0.3)


def test_profile_try_reads_a_panel_that_writes_chinese(tmp_path: Path, coding: str, panel: Panel) -> None:
    assert tried(tmp_path, coding, panel, HUNG_S)["ac_loss"].states == {1: "off"}


@pytest.mark.parametrize("coding", ["gbk"], indirect=True)
def test_profile_try_says_which_coding_is_right(tmp_path: Path, panel: Panel) -> None:
    found = tried(tmp_path, "utf-8", panel, 1.0)["ac_loss"]
    assert "bytes are no utf-8 (in gb18030 it is '正常')" in found.fault
    assert 'write coding = "gb18030"' in found.fault


@pytest.mark.parametrize("data", [GBK[1], UTF_8[1]], ids=["gbk", "utf-8"])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_line_in_another_coding_is_a_fault_or_shows_its_number(data: bytes, coding: str) -> None:
    """UTF-8 may be read as other characters of GB 18030: the line then has an unknown form and its number."""
    (heard,) = LineFraming("\r\n", coding=coding).feed(data + b"\r\n")
    if heard.fault or heard.text.endswith("防区 007 报警"):
        assert heard.text == "防区 007 报警"
    else:
        assert (coding, "007" in heard.text) in [("gbk", True), ("gb18030", True)]


def test_no_byte_of_a_character_ends_a_line() -> None:
    """The second byte of a character of GBK is never below 0x30, so neither CR, LF nor NUL is in one."""
    every = [
        bytes([first, second])
        for first in range(0x81, 0xFF)
        for second in (*range(0x40, 0x7F), *range(0x80, 0xFF))
    ]
    known = [one for one in every if one.decode("gb18030", "ignore")]
    assert len(known) > 23_900
    heard = LineFraming("\r\n", coding="gbk").feed(b"\r\n".join(known) + b"\r\n")
    assert [(one.text.encode("gb18030"), one.fault) for one in heard] == [(one, "") for one in known]


@pytest.mark.parametrize("checksum", ["sum8", "xor8", "crc16-arc"])
def test_the_checksum_counts_bytes_and_not_characters(checksum: str) -> None:
    framing = LineFraming("\r\n", checksum, "gbk")
    sent = framing.encode("防区 007 报警")
    assert sent.startswith(GBK[1])
    assert [one.text for one in framing.feed(sent)] == ["防区 007 报警"]
    (broken,) = framing.feed(sent.replace(b"\xb1", b"\xb2"))
    assert "wrong checksum" in broken.fault


def mistakes(folder: Path, text: str) -> str:
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_profile("mine.toml", folder)
    return "\n".join(str(one) for one in caught.value.mistakes)


def test_texts_that_a_line_cannot_hold_are_told(tmp_path: Path) -> None:
    found = mistakes(tmp_path, PROFILE.format(coding="", timeout_s=1))
    for key in ("match", "form", "map", "request", "expect"):
        assert f"{key} has signs that a line in ascii cannot hold" in found
    assert "write the coding of the device under [transport]" in found


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('coding = "big5"', "coding cannot be 'big5'"),
        ('coding = "gbk"\neol = "|"', "eol may be the half of a character"),
        ('coding = "gbk"\neol = "。"', "eol has signs that are not ASCII"),
    ],
)
def test_a_coding_that_cannot_be_is_told(tmp_path: Path, line: str, message: str) -> None:
    assert message in mistakes(tmp_path, PROFILE.format(coding=line, timeout_s=1))


@pytest.mark.parametrize(
    ("protocol", "key"),
    [("isapi", 'coding = "gbk"'), ("satel", 'checksum = "sum8"'), ("modbus", 'acknowledge = "A"')],
)
def test_a_key_that_only_lines_have_is_no_key_of_other_protocols(
    tmp_path: Path, protocol: str, key: str
) -> None:
    text = HEAD.format(coding=key, timeout_s=1).replace("serial-line", protocol)
    assert key.split(" ", maxsplit=1)[0] in mistakes(tmp_path, text)


def test_a_line_of_seven_bits_cannot_carry_it(tmp_path: Path) -> None:
    profile = load_profile(profile_in(tmp_path, "gbk"), tmp_path)
    with pytest.raises(UsageError, match="7 bits cannot carry gbk"):
        list(read_device("mine.toml", profile, Place("COM5", options={"bits": 7}), tmp_path))


@pytest.mark.parametrize("checksum", ["none", "crc16-arc"])
@pytest.mark.parametrize("written", ["gbk", "utf-8"])
def test_an_emulated_panel_writes_and_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, checksum: str
) -> None:
    transport = f'coding = "{written}"\nchecksum = "{checksum}"'
    (tmp_path / "mine.toml").write_text(EMULATED.format(coding=transport, timeout_s=HUNG_S), encoding="utf-8")
    wire = 'connection = {{ protocol = "tcp-line", host = "127.0.0.1", port = {port} }}'
    monkeypatch.setitem(CONNECTIONS, "mine.toml", wire)
    with emulated_bench(tmp_path, "mine.toml") as (bench, _):
        panel, zone = bench.panel("PANEL-1"), bench.zone("Z01")
        panel.arm()
        assert panel.is_armed()
        assert panel.wait_for(1, ZoneSignal.ALARM, since=zone.open_loop(), within=HUNG_S) is not None
        assert panel.shown(ZoneSignal.ALARM) == {1}
        zone.close_loop()
        panel.disarm()
        assert not panel.is_armed()
