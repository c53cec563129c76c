# SPDX-License-Identifier: Apache-2.0
"""Panels that speak badly: nothing they do may become a false alarm, a missed alarm or a hang."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.support.field_bus import eventually, fresh_server
from tests.support.patience import HUNG_S
from yanshou.acquisition import ON, Acquisition, Bus
from yanshou.acquisition.conversation import Conversation
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.speech import LoginStep, MessagePattern, MessageQuestion, Secrets, Speech

CODES = {"state": {"1": (("zone_alarm", 1),), "0": (("zone_alarm", 0),)}}
SPEECH = Speech(
    eol="\n",
    checksum="sum8",
    messages=(MessagePattern(r"^Z(?P<number>\d{3})(?P<state>[01])$", CODES),),
    defaults={"zone_alarm": 0},
    alive=MessageQuestion("PING", "^PONG$"),
    every_s=0.3,
    timeout_s=0.4,
)
ASKED = replace(
    SPEECH,
    asks={"zone_alarm": MessageQuestion("Z{number:03d}?", "^Z{number:03d}[01]$")},
    alive=None,
    defaults={},
)
CELL = ("zone_alarm", 7)


def line(text: str) -> bytes:
    return text.encode() + f"{sum(text.encode()) & 0xFF:02X}".encode() + b"\n"


class Panel:
    """A TCP server for one partner at a time; ``answer`` maps a line to what is said."""

    def __init__(self) -> None:
        self.answer: Callable[[str], bytes] = lambda text: line("PONG") if text == "PING" else b""
        self.greeting = b""
        self.connections = 0
        self.heard: list[str] = []
        self._server = fresh_server()
        self.port = self._server.getsockname()[1]
        self._partner: socket.socket | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def say(self, data: bytes) -> None:
        assert self._partner is not None
        self._partner.sendall(data)

    def hang_up(self) -> None:
        assert self._partner is not None
        self._partner.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._closing = True
        self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept
        self._server.close()
        if self._partner is not None:  # else nobody came, or it leaves who comes now
            with contextlib.suppress(OSError):
                self.hang_up()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                self._partner, _ = self._server.accept()
            except OSError:
                return
            with self._partner, contextlib.suppress(OSError):
                if self._closing:  # who came just now would not be hung up on
                    return
                self.connections += 1
                self._partner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._serve(self._partner)

    def _serve(self, partner: socket.socket) -> None:
        partner.sendall(self.greeting)
        pending = b""
        while data := partner.recv(4096):
            *lines, pending = (pending + data).split(b"\n")
            for one in lines:
                text = one[:-2].decode()
                self.heard.append(text)
                if said := self.answer(text):
                    partner.sendall(said)


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as opened:
        yield opened


@pytest.fixture
def panel() -> Iterator[Panel]:
    made = Panel()
    yield made
    made.close()


def opened_by(acquisition: Acquisition, panel: Panel, speech: Speech = SPEECH, *more: int) -> Conversation:
    bus = Bus("tcp-line", host="127.0.0.1", port=panel.port, devices={"0": "PANEL-1"})
    opened = acquisition.converse(bus, speech, Secrets("right"))
    opened.follow([("zone_alarm", number) for number in (7, *more)])
    return opened


def just_now() -> Instant:
    moment = now()
    return Instant(moment, moment)


def test_a_message_in_pieces_happened_before_its_first_byte_was_seen(
    acquisition: Acquisition, panel: Panel
) -> None:
    opened = opened_by(acquisition, panel)
    since, whole = just_now(), line("Z0071")
    begun = now()
    for piece in (whole[:2], whole[2:5], whole[5:]):
        panel.say(piece)
        time.sleep(0.03)
    ended = now()
    shown = opened.wait(CELL, ON, since=since, within=1.0)
    assert shown is not None
    assert shown.earliest <= begun
    assert begun + 0.05 < shown.latest <= ended


def test_joined_messages_are_all_heard_and_none_is_taken_for_another(
    acquisition: Acquisition, panel: Panel
) -> None:
    others = tuple(range(8, 208))
    opened = opened_by(acquisition, panel, SPEECH, *others)
    since = just_now()
    panel.say(b"".join(line(f"Z{number:03d}1") for number in others))
    shown = {n: opened.wait(("zone_alarm", n), ON, since=since, within=2.0) for n in others}
    assert all(shown.values())
    assert opened.wait(CELL, ON, since=since, within=0.2) is None


def test_a_device_is_not_asked_without_pause_while_somebody_waits_and_its_bracket_stays_narrow(
    acquisition: Acquisition, panel: Panel
) -> None:
    """At most one question a millisecond, and 5 ms between two at the most: the bracket holds the change."""
    changed: list[float] = []
    panel.answer = lambda _: line("Z0071" if changed and now() > changed[0] else "Z0070")
    opened = opened_by(acquisition, panel, ASKED)
    asked, begun = len(panel.heard), now()
    changed.append(begun + 1.0)
    shown = opened.wait(CELL, ON, since=Instant(begun, begun), within=5.0)
    waited = now() - begun
    assert shown is not None
    assert shown.earliest <= changed[0] <= shown.latest
    assert len(panel.heard) - asked <= waited / 0.001


def test_a_message_said_twice_is_one_event(acquisition: Acquisition, panel: Panel) -> None:
    opened = opened_by(acquisition, panel)
    since = just_now()
    panel.say(line("Z0071") + line("Z0071"))
    first = opened.wait(CELL, ON, since=since, within=1.0)
    panel.say(line("Z0071"))
    assert opened.wait(CELL, ON, since=since, within=1.0) == first


def test_what_a_garbled_message_said_is_not_known(acquisition: Acquisition, panel: Panel) -> None:
    opened = opened_by(acquisition, panel)
    since = just_now()
    panel.say(line("Z0071").replace(b"Z0071", b"Z0061"))
    with pytest.raises(RigFault, match=r"cannot be read and may be about it \('Z0061'\)"):
        opened.wait(CELL, ON, since=since, within=0.5)


def test_an_event_of_a_zone_nobody_knows_is_no_event_of_ours(acquisition: Acquisition, panel: Panel) -> None:
    opened = opened_by(acquisition, panel)
    since = just_now()
    panel.say(line("Z0991") + line("Q0081") + line("Z70"))
    assert opened.wait(CELL, ON, since=since, within=0.4) is None
    assert opened.all_of("zone_alarm") == {7: 0, 99: 1}


@pytest.mark.parametrize(
    "other",
    ["2026-11-30 10:00:05 ZONE 007 ALARM", "Z7", "07 ALARM 30/11/26", "ALARM ZONE:7"],
    ids=["date first", "short", "number first", "last"],
)
def test_an_event_in_another_form_is_no_missed_alarm(
    acquisition: Acquisition, panel: Panel, other: str
) -> None:
    opened = opened_by(acquisition, panel, SPEECH, 8)
    since = just_now()
    panel.say(line(other))
    with pytest.raises(RigFault, match="cannot be read and may be about it"):
        opened.wait(CELL, ON, since=since, within=0.3)
    assert opened.wait(("zone_alarm", 8), ON, since=since, within=0.3) is None, "it names another zone"
    panel.say(line(other) + line("Z0071"))
    assert opened.wait(CELL, ON, since=since, within=1.0) is not None, "what came for sure came"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\n\r"])
def test_an_event_with_another_end_of_line_is_no_part_of_the_next_answer(
    acquisition: Acquisition, panel: Panel, end: bytes
) -> None:
    """The panel ends its answers with CR LF, and what it reports by itself with something else."""
    alive = MessageQuestion("PING", "PONG")
    panel.answer = lambda text: b"PONG\r\n" if text.startswith("PI") else b""
    speech = replace(SPEECH, eol="\r\n", checksum="", alive=alive)
    opened = opened_by(acquisition, panel, speech)
    since = just_now()
    panel.say(b"Z0071" + end)
    assert opened.wait(CELL, ON, since=since, within=0.5) is not None


def test_chinese_text_of_an_event_is_no_missed_alarm(acquisition: Acquisition, panel: Panel) -> None:
    opened = opened_by(
        acquisition, panel, replace(SPEECH, checksum="", alive=MessageQuestion("PING00", "^P"))
    )
    since = just_now()
    panel.say("007 防区报警\n".encode("gb18030"))
    with pytest.raises(RigFault, match="cannot be read and may be about it"):
        opened.wait(CELL, ON, since=since, within=0.3)


@pytest.mark.parametrize("secret", ["right\n", "密码", "\x1bcode"])
def test_a_password_that_cannot_be_sent_is_never_shown(
    acquisition: Acquisition, panel: Panel, secret: str
) -> None:
    bus = Bus("tcp-line", host="127.0.0.1", port=panel.port, devices={"0": "PANEL-1"})
    opened = acquisition.converse(
        bus, replace(SPEECH, login=(LoginStep(send="PASS {password}"),)), Secrets(secret)
    )
    with pytest.raises(RigFault, match="cannot be sent a text with") as caught:
        opened.say("arm", MessageQuestion("ARM", "^OK"), 1)
    assert "Check its password" in caught.value.remedy
    assert repr(secret)[1:-1] not in str(caught.value)


def test_a_lost_connection_is_told_at_once_and_never_a_missed_alarm(
    acquisition: Acquisition, panel: Panel
) -> None:
    opened = opened_by(acquisition, panel)
    since, begun = just_now(), now()
    threading.Timer(0.2, panel.hang_up).start()
    with pytest.raises(RigFault, match="connection was lost"):
        opened.wait(CELL, ON, since=since, within=2 * HUNG_S)
    assert now() - begun < HUNG_S


def test_what_was_told_while_the_connection_was_away_is_not_known(
    acquisition: Acquisition, panel: Panel
) -> None:
    opened = opened_by(acquisition, panel)
    since = just_now()
    panel.hang_up()
    assert eventually(lambda: panel.connections == 2)
    with pytest.raises(RigFault):
        opened.wait(CELL, ON, since=since, within=0.6)
    later = just_now()  # from now on it can be said again
    time.sleep(0.1)
    panel.say(line("Z0071"))
    assert opened.wait(CELL, ON, since=later, within=1.0) is not None


def test_silence_is_no_answer(acquisition: Acquisition, panel: Panel) -> None:
    opened = opened_by(acquisition, panel)
    panel.answer = lambda _text: b""
    with pytest.raises(RigFault, match="did not answer"):
        opened.wait(CELL, ON, since=just_now(), within=0.5)


def test_a_late_answer_is_not_taken_for_the_next(acquisition: Acquisition, panel: Panel) -> None:
    state = {"value": "0", "late": 0.0}

    def answer(text: str) -> bytes:
        said = line(f"{text[:4]}{state['value']}")
        if late := float(state["late"]):
            state["late"] = 0.0
            state["value"] = "1"  # what is said late has been, and is no more
            time.sleep(late)
        return said

    panel.answer = answer
    opened = opened_by(acquisition, panel, ASKED)
    before = just_now()
    state["late"] = 0.6
    shown = opened.wait(CELL, ON, since=before, within=3.0)
    assert shown is not None
    assert shown.latest > before.latest + 0.4  # the late "not yet" proved nothing; the next answer counted
    assert opened.values([CELL]).values == (1,)


def test_an_answer_later_than_the_pause_after_it_is_not_taken_for_the_next(
    acquisition: Acquisition, panel: Panel
) -> None:
    """It shows the state before the alarm, and would prove that the alarm came a second later than it did."""
    state = {"value": "0", "late": 0.0}

    def answer(text: str) -> bytes:
        if text == "PING":
            return line("PONG")
        said = line(f"{text[:4]}{state['value']}")
        if late := float(state["late"]):
            state["late"], state["value"] = 0.0, "1"
            time.sleep(late)
        return said

    panel.answer = answer
    opened = opened_by(acquisition, panel, replace(ASKED, alive=MessageQuestion("PING", "^PONG$")))
    before = just_now()
    state["late"] = 2.5 * ASKED.timeout_s
    shown = opened.wait(CELL, ON, since=before, within=HUNG_S)
    assert shown is not None
    assert shown.earliest < before.latest + ASKED.timeout_s


def test_noise_between_messages_hides_none_of_them(acquisition: Acquisition, panel: Panel) -> None:
    """Lines that are noise are holes for what is only told; a later state is still taken in."""
    opened = opened_by(acquisition, panel)
    panel.say(bytes(range(256)) * 8 + b"\n" + line("Z0071"))
    assert eventually(lambda: opened.values([CELL]).values == (1,))
    since = just_now()
    panel.say(line("Z0070") + line("Z0071"))
    assert opened.wait(CELL, ON, since=since, within=1.0) is not None


def test_a_refused_login_names_the_password(acquisition: Acquisition, panel: Panel) -> None:
    panel.greeting = line("LOGIN")
    panel.answer = lambda text: line("NO" if text == "right" else "YES")
    speech = replace(SPEECH, login=(LoginStep("^LOGIN$", "{password}"), LoginStep("^YES$", refused="^NO$")))
    with pytest.raises(RigFault, match="refused the login") as caught:
        opened_by(acquisition, panel, speech)
    assert "right" not in str(caught.value)
    with pytest.raises(RigFault, match="refused the login"):
        opened_by(acquisition, panel, speech)
    assert panel.heard == ["right"]  # never a second time: that would lock the account


def test_every_good_message_is_acknowledged(acquisition: Acquisition, panel: Panel) -> None:
    opened_by(acquisition, panel, replace(SPEECH, acknowledge="OK"))
    panel.say(line("Z0071") + line("Z0070"))
    assert eventually(lambda: panel.heard.count("OK") == 2)


def test_a_panel_with_a_heartbeat_of_its_own_is_believed_as_long_as_it_beats(
    acquisition: Acquisition, panel: Panel
) -> None:
    speech = replace(SPEECH, alive=MessageQuestion("", "^BEAT$"), every_s=0.2)
    beating = threading.Event()

    def beat() -> None:
        while not beating.wait(0.1):
            try:
                panel.say(line("BEAT"))
            except (AssertionError, OSError):
                continue

    threading.Thread(target=beat, daemon=True).start()
    opened = opened_by(acquisition, panel, speech)
    assert opened.wait(CELL, ON, since=just_now(), within=0.3) is None
    since = just_now()
    beating.set()
    with pytest.raises(RigFault):
        opened.wait(CELL, ON, since=since, within=0.5)


def test_a_code_stands_in_no_message_to_a_person(acquisition: Acquisition, panel: Panel) -> None:
    opened = opened_by(acquisition, panel)
    with pytest.raises(RigFault) as caught:
        opened.say("disarm", MessageQuestion("OFF{password}", "^DONE$"), 1)
    assert "whether it was carried out is not known" in str(caught.value)
    assert "right" not in str(caught.value)
    assert panel.heard[-1] == "OFFright"
