# SPDX-License-Identifier: Apache-2.0
"""The bench as an OSDP reader, asked by an emulated controller that shares no code with it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator

import pytest

from yanshou.acquisition import osdp_stations
from yanshou.acquisition.osdp_reader import OsdpReader, library
from yanshou.acquisition.osdp_stations import OsdpReaders, OsdpTap
from yanshou.emulation.access.osdp_panel import PUBLISHED_KEY, OsdpPanel, PanelReader
from yanshou.emulation.access.osdp_port import TcpEnd
from yanshou.emulation.ports import reserved_ports
from yanshou.model import Instant, RigFault, UsageError, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.card import read_credential
from yanshou.protocols.osdp import Packet, PacketFramer

pytest.importorskip("osdp_sys", reason="the extra osdp is not installed: pip install 'yanshou[osdp]'")

KEY = bytes(range(16))
CARD = read_credential("26:123459")
BITS = f"{0x123459:026b}"


class Beside:
    """A line without bytes in between: what the panel sends is answered at once."""

    def __init__(self, key: bytes | None) -> None:
        self.reader = OsdpReader(3, key, self._answer)
        self.lost = 0  # so many answers are lost on the line
        self.answers: list[bytes] = []
        self._framer = PacketFramer()
        self._waiting = b""

    def _answer(self, data: bytes) -> None:
        self.answers.append(data)
        if self.lost:
            self.lost -= 1
        else:
            self._waiting += data

    def write(self, data: bytes) -> None:
        for packet in self._framer.feed(data, now()):
            self.reader.received(packet, packet.began)

    def read(self, _timeout: float) -> bytes:
        data, self._waiting = self._waiting, b""
        return data


class Met:
    """A reader and a panel, and what the panel took from it."""

    def __init__(self, ours: bytes | None, theirs: bytes | None, rekey: bytes | None = None) -> None:
        self.line = Beside(ours)
        self.cards: list[str] = []
        self.keys: list[str] = []
        self.seen = PanelReader(3, theirs, rekey, on_card=self.cards.append, on_keys=self.keys.append)
        self.panel = OsdpPanel(self.line, [self.seen])

    def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            self.panel.round()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that was lost is not waited for."""
    monkeypatch.setattr("yanshou.emulation.access.osdp_panel._ANSWER_S", 0.002)


def in_loop(test: Callable[[], None]) -> None:
    async def run() -> None:
        test()

    asyncio.run(run())


@pytest.mark.parametrize("key", [None, KEY])
def test_bits_and_keys_arrive_as_they_were_written(key: bytes | None):
    def test() -> None:
        met = Met(key, key)
        met.rounds(3)
        assert met.line.reader.is_ready
        for part in read_credential("26:123459+pin:1*2#"):
            one = met.line.reader.present(part)
            met.rounds(2)
            sent, taken = one.taken.result()
            assert sent <= taken
        assert (met.cards, met.keys) == ([BITS], ["1*2#"])
        facts = met.line.reader.ear.facts
        assert (facts.protected_reports, facts.plain_reports) == ((2, 0) if key else (0, 2))

    in_loop(test)


@pytest.mark.parametrize("key", [None, KEY])
def test_a_card_whose_answer_was_lost_is_sent_again_and_once_only(key: bytes | None):
    """libosdp alone answers a repeated command with its next event: the card would be gone."""

    def test() -> None:
        met = Met(key, key)
        met.rounds(3)
        one = met.line.reader.present(CARD[0])
        met.line.lost = 1
        met.rounds(3)
        assert one.taken.done()
        assert met.cards == [BITS]
        assert met.line.reader.ear.facts.resent == 1
        assert met.seen.failures == []

    in_loop(test)


def test_a_controller_that_stops_after_the_card_leaves_it_open_whether_it_took_it():
    def test() -> None:
        met = Met(None, None)
        met.rounds(3)
        one = met.line.reader.present(CARD[0])
        met.rounds(1)
        assert one.sent is not None
        assert not one.taken.done()
        met.seen.known, met.seen.sequence = False, 0  # it restarts
        met.rounds(1)
        with pytest.raises(ConnectionResetError, match="began the connection anew"):
            one.taken.result()

    in_loop(test)


@pytest.mark.parametrize(
    ("ours", "theirs", "reports"),
    [(KEY, bytes(16), "is not the key"), (KEY, PUBLISHED_KEY, "SCBK-D"), (KEY, None, "no secure channel")],
)
def test_without_the_right_key_no_card_is_told(ours: bytes, theirs: bytes | None, reports: str):
    def test() -> None:
        met = Met(ours, theirs)
        met.rounds(4)
        assert not met.line.reader.is_ready
        one = met.line.reader.present(CARD[0])
        met.rounds(3)
        assert (one.sent, met.cards) == (None, [])
        assert reports in osdp_stations._unsecured(3, met.line.reader.ear)

    in_loop(test)


def test_a_default_key_and_a_new_key_of_the_controller_are_findings():
    def test() -> None:
        met = Met(None, PUBLISHED_KEY, rekey=KEY)
        met.rounds(4)
        facts = met.line.reader.ear.facts
        assert (facts.default_key_sessions, facts.rekeyed, facts.sessions) == (1, 1, 1)
        assert met.seen.key == KEY

    in_loop(test)


def test_a_reader_with_a_key_of_the_site_takes_no_other():
    """The controller would keep the new key, and the real reader would be a stranger to it afterwards."""

    def test() -> None:
        met = Met(KEY, KEY, rekey=bytes(16))
        met.rounds(2)
        facts = met.line.reader.ear.facts
        assert (facts.rekeyed, facts.rekeyed_in_clear, facts.rejected) == (1, 0, 1)
        met.seen.key = KEY
        met.rounds(4)
        assert met.line.reader.is_ready

    in_loop(test)


def test_a_controller_cannot_move_the_bench_to_another_address():
    def test() -> None:
        met = Met(None, None)
        met.rounds(2)
        met.panel._exchange(met.seen, 0x6E, bytes([9]) + (38400).to_bytes(4, "little"))
        assert met.line.reader.ear.facts.rejected == 1
        one = met.line.reader.present(CARD[0])
        met.rounds(2)
        assert one.taken.done()

    in_loop(test)


def test_a_replayed_command_is_not_obeyed_and_is_told():
    """What somebody recorded in the session and plays again: it does not draw a second report."""

    def test() -> None:
        met = Met(KEY, KEY)
        met.rounds(4)
        recorded = met.panel.last
        met.rounds(3)
        one = met.line.reader.present(CARD[0])
        before = len(met.line.answers)
        met.line.write(recorded)
        answers = [PacketFramer().feed(raw, 0.0)[0] for raw in met.line.answers[before:]]
        assert not [packet for packet in answers if packet.is_report]
        assert one.sent is None
        assert met.line.reader.ear.facts.rejected == 1

    in_loop(test)


def test_a_storm_of_cards_arrives_whole_and_in_order():
    def test() -> None:
        met = Met(KEY, KEY)
        met.rounds(3)
        for value in range(200):
            met.line.lost = value % 7 == 0
            one = met.line.reader.present(read_credential(f"26:{value:X}")[0])
            met.rounds(3)
            assert one.taken.done()
        assert [int(bits, 2) for bits in met.cards] == list(range(200))

    in_loop(test)


# -- over a real connection


class Torn(TcpEnd):
    """A device server that hands on bytes one by one."""

    def write(self, data: bytes) -> None:
        for byte in data:
            super().write(bytes([byte]))


class Controller(threading.Thread):
    """Asks until it is stopped; ``pause``: it is silent."""

    def __init__(self, end: TcpEnd, readers: list[PanelReader]) -> None:
        super().__init__(daemon=True)
        self.end, self.panel = end, OsdpPanel(end, readers)
        self.stopping, self.pause = threading.Event(), threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(0.01):
            if not self.pause.is_set():
                self.panel.round()


@contextlib.contextmanager
def controller(*readers: PanelReader, end: type[TcpEnd] = TcpEnd) -> Iterator[tuple[Controller, Bus]]:
    (port,) = reserved_ports(1)
    line = end(("127.0.0.1", port))
    line.open()
    asking = Controller(line, list(readers))
    asking.start()
    try:
        yield asking, Bus("osdp-tcp", host="127.0.0.1", port=port, devices={"0": "OSDP-1"})
    finally:
        asking.stopping.set()
        asking.join()
        line.close()


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanshou.emulation.access.osdp_panel._ANSWER_S", 0.2)


@pytest.mark.usefixtures("_patient")
def test_cards_pass_though_every_packet_arrives_in_pieces():
    cards: list[str] = []
    with controller(PanelReader(3, KEY, on_card=cards.append), end=Torn) as (_, bus):

        async def present() -> None:
            line = OsdpReaders(bus, {3: KEY})
            for _ in range(5):
                sent, taken = await line.present(3, CARD, 5.0)
                assert sent <= taken
            assert line.facts(3).garbled == 0
            await line.close()

        asyncio.run(present())
    assert cards == [BITS] * 5


@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize(
    ("address", "key", "what"),
    [(3, None, "asks address 3, not 4"), (4, bytes(16), "is not the key of the site file")],
)
def test_a_reader_that_is_not_asked_as_the_site_file_says_is_told_why(
    address: int, key: bytes | None, what: str
):
    with controller(PanelReader(address, key)) as (_, bus):

        async def present() -> None:
            line = OsdpReaders(bus, {4: KEY})
            with pytest.raises(RigFault, match=what) as caught:
                await line.present(4, CARD, 0.6)
            assert caught.value.since is None
            await line.close()

        asyncio.run(present())


@pytest.mark.usefixtures("_patient")
def test_silence_is_told_before_a_card_and_doubted_after_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(osdp_stations, "_TAKEN_S", 0.3)
    reader = PanelReader(3, KEY)
    with controller(reader) as (asking, bus):
        reader.on_card = lambda _bits: asking.pause.set()

        async def present() -> None:
            line = OsdpReaders(bus, {3: KEY})
            with pytest.raises(RigFault, match="whether it took it is not known") as caught:
                await line.present(3, CARD, 5.0)
            assert caught.value.since is not None
            await asyncio.sleep(1.0)
            with pytest.raises(RigFault, match="has not asked address 3 for"):
                await line.present(3, CARD, 0.1)
            asking.pause.clear()
            reader.on_card = lambda _bits: None
            await line.present(3, CARD, 5.0)
            facts = line.facts(3)
            assert (facts.silences, facts.longest_silence_s > 0.4) == (1, True)
            await line.close()

        asyncio.run(present())


@pytest.mark.usefixtures("_patient")
def test_a_reader_is_back_after_its_cable_was_pulled_in_a_secure_channel():
    cards: list[str] = []
    with controller(PanelReader(3, KEY, on_card=cards.append)) as (asking, bus):

        async def present() -> None:
            line = OsdpReaders(bus, {3: KEY})
            await line.present(3, CARD, 5.0)
            asking.pause.set()
            await asyncio.sleep(0.1)
            asking.end.close()
            asking.end.open()
            asking.pause.clear()
            await line.present(3, CARD, 10.0)
            assert line.facts(3).sessions == 2
            await line.close()

        asyncio.run(present())
    assert cards == [BITS, BITS]


def test_nothing_on_the_line_names_the_cable():
    with controller() as (_, bus):

        async def present() -> None:
            line = OsdpReaders(bus, {3: KEY})
            with pytest.raises(RigFault, match="hears nothing on its line"):
                await line.present(3, CARD, 0.05)
            await line.close()

        asyncio.run(present())


# -- a listener


def test_a_listener_tells_a_report_its_absence_and_that_it_cannot_know(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(osdp_stations, "BLIND_S", 0.05)
    tap = OsdpTap(Bus("osdp-tcp", host="127.0.0.1", port=1, devices={"0": "TAP-1"}), 0.0)
    tap._transport = asyncio.Transport()  # as if open
    t0 = now()
    tap._began = t0 - 1.0
    poll, ack = bytes.fromhex("53050800056093e9"), bytes.fromhex("5385080005403fbc")
    card = bytes.fromhex("5385100007500000 1a00 12345680 d0f5".replace(" ", ""))

    async def ask(within: float) -> Instant | None:
        return await tap.report(5, Instant(t0, t0), within)

    def hear(raw: bytes, after: float) -> None:
        tap.heard(Packet(raw, t0 + after, t0 + after), t0 + after - 0.001)

    hear(poll, 0.0)
    hear(ack, 0.02)
    with pytest.raises(RigFault, match="the line to address 5 is silent"):
        asyncio.run(ask(0.1))
    hear(poll, 0.2)
    assert asyncio.run(ask(0.1)) is None
    hear(card, 0.21)
    seen = asyncio.run(ask(1.0))
    assert seen is not None
    assert seen.latest - t0 == pytest.approx(0.21)
    tap.noise(t0 + 0.25)
    assert asyncio.run(ask(1.0)) == seen
    hear(poll, 0.4)
    with pytest.raises(RigFault, match="could have been missed"):
        asyncio.run(tap.report(5, Instant(t0 + 0.22, t0 + 0.22), 0.1))
    tap._began = t0 + 0.1
    with pytest.raises(RigFault, match="not listened to from the beginning"):
        asyncio.run(ask(1.0))


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "osdp_sys", None)
    with pytest.raises(UsageError, match=r"libosdp, which is not installed.*yanshou\[osdp\]"):
        library()
