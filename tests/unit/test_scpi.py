# SPDX-License-Identifier: Apache-2.0
"""SCPI instruments through PyVISA: exact exchanges on a scripted line, and pyvisa-sim as another back end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.patience import HUNG_S
from yanshou.commissioning.reach import reach
from yanshou.instruments.scpi import Multimeter, ScpiInstrument, reading
from yanshou.model import Connection, Device, DeviceKind, RigFault, Site, System

IDN = "Example Instruments,EX-34401,EX0001234,1.7"
OPENING: tuple[tuple[str, str | None], ...] = (("*CLS", None), ("*IDN?", IDN))
NO_ERROR = ("SYST:ERR?", '+0,"No error"')

Exchange = tuple[str, str | None]


@contextmanager
def expected_protocol(*exchanges: Exchange) -> Iterator[str]:
    """A TCP peer that wants exactly these messages, in this order, and answers each as written."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(HUNG_S)
        peer = threading.Thread(target=_converse, args=(server, exchanges, heard), daemon=True)
        peer.start()
        yield f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET"
        peer.join(HUNG_S)
    assert heard == [message for message, _ in exchanges]


def _converse(server: socket.socket, exchanges: Sequence[Exchange], heard: list[str]) -> None:
    client, _ = server.accept()
    client.settimeout(HUNG_S)
    with client, client.makefile("rb") as lines:
        for (_, reply), line in zip(exchanges, lines, strict=False):
            heard.append(line.decode().rstrip("\n"))
            if reply is not None:
                client.sendall(reply.encode("latin-1") + b"\n")
        heard.extend(line.decode().rstrip("\n") for line in lines)


def test_opening_asks_who_is_there():
    with expected_protocol(*OPENING) as resource, ScpiInstrument(resource, serial="EX0001234") as opened:
        assert opened.identity == ("Example Instruments", "EX-34401", "EX0001234", "1.7")


@pytest.mark.parametrize(
    ("quantity", "query", "value"),
    [
        ("dc_voltage", "MEAS:VOLT:DC?", 13.65),
        ("ac_voltage", "MEAS:VOLT:AC?", 229.5),
        ("dc_current", "MEAS:CURR:DC?", -0.351),
        ("resistance", "MEAS:RES?", 2.2e3),
    ],
)
def test_a_reading_is_one_query_and_a_look_at_the_errors(quantity: str, query: str, value: float):
    exchanges = (*OPENING, (query, f"{value:+.8E}"), NO_ERROR)
    with expected_protocol(*exchanges) as resource, Multimeter(resource) as meter:
        assert getattr(meter, quantity) == value


def test_the_raw_answer_of_the_reading_is_kept_for_the_record():
    exchanges = (*OPENING, ("MEAS:CURR:DC?", "+3.51E-01"), NO_ERROR)
    with expected_protocol(*exchanges) as resource, Multimeter(resource) as meter:
        assert meter.dc_current == 0.351
        assert meter.raw == "+3.51E-01"


def test_the_error_queue_is_drained_and_its_first_entry_told():
    queue = ('-222,"Data out of range"', '-350,"Queue overflow"', '0,"No error"')
    exchanges = (*OPENING, ("MEAS:CURR:DC?", "+0.35"), *(("SYST:ERR?", entry) for entry in queue))
    with (
        expected_protocol(*exchanges) as resource,
        Multimeter(resource) as meter,
        pytest.raises(RigFault, match=r"MEAS:CURR:DC\? was refused: -222,"),
    ):
        _ = meter.dc_current


@pytest.mark.parametrize("entry", ["", "garbage", '-113,"Undefined header"'])
def test_an_error_queue_that_never_says_it_is_empty_gives_no_reading(entry: str):
    exchanges = (*OPENING, ("MEAS:CURR:DC?", "+0.35"), *([("SYST:ERR?", entry)] * 30))
    with (
        expected_protocol(*exchanges) as resource,
        Multimeter(resource) as meter,
        pytest.raises(RigFault, match="was refused"),
    ):
        _ = meter.dc_current


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("+9.9E37", "dc_current is overloaded"),
        ("-9.90000000E+37", "dc_current is overloaded"),
        ("INF", "dc_current is overloaded"),
        ("+9.91E37", "not a number"),
        ("9.91000000E+37", "not a number"),
        ("NAN", "not a number"),
        ("+10.5", "outside -10…10"),
        ("", "no number"),
        ("0.35 V", "no number in A"),
        ("0.35 AAC", "no number in A DC"),
        ("0.35 MA", "no number in A"),
        ("0.35,0.36", "no number"),
        ("0,35", "no number"),
        ("1_0", "no number"),
        ("0x10", "no number"),
        ("OVLD", "overloaded"),
        ("OL", "overloaded"),
        ("+O.L", "overloaded"),
        ("Overload", "overloaded"),
    ],
)
def test_what_is_no_reading_is_a_fault_never_a_value(reply: str, expected: str):
    exchanges = (*OPENING, ("MEAS:CURR:DC?", reply), NO_ERROR)
    with (
        expected_protocol(*exchanges) as resource,
        Multimeter(resource) as meter,
        pytest.raises(RigFault, match=expected) as fault,
    ):
        _ = meter.dc_current
    assert fault.value.device == resource


def test_bytes_that_are_no_text_are_a_fault():
    exchanges = (*OPENING, ("MEAS:CURR:DC?", "\xff\xfe\xfd"))
    with (
        expected_protocol(*exchanges) as resource,
        Multimeter(resource) as meter,
        pytest.raises(RigFault, match="bytes that are no text"),
    ):
        _ = meter.dc_current


@pytest.mark.parametrize("number", ["EX0009999", "", "0"])
def test_another_serial_number_than_the_certificates_is_refused_for_good(number: str):
    opening = (OPENING[0], ("*IDN?", f"Example Instruments,EX-34401,{number},1.7"))
    with expected_protocol(*opening) as resource, pytest.raises(RigFault, match="certificate") as fault:
        Multimeter(resource, serial="EX0001234")
    assert fault.value.final


@pytest.mark.parametrize("identity", ["", "EX-34401", "SSH-2.0-OpenSSH_9.2", "a,,c"])
def test_something_that_is_no_instrument_is_not_opened(identity: str):
    with (
        expected_protocol(OPENING[0], ("*IDN?", identity)) as resource,
        pytest.raises(RigFault, match=r"\*IDN\? answered"),
    ):
        Multimeter(resource)


# -- silence -----------------------------------------------------------------------------------------------


def within(seconds: float, opens: Callable[[], object]) -> RigFault:
    began = time.monotonic()
    with pytest.raises(RigFault) as fault:
        opens()
    assert time.monotonic() - began < seconds
    return fault.value


def test_silence_is_a_fault_within_the_timeout_and_says_what_was_asked():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        resource = f"TCPIP::127.0.0.1::{mute.getsockname()[1]}::SOCKET"
        fault = within(HUNG_S, lambda: Multimeter(resource, timeout_s=0.3))
    assert "*IDN? was not answered" in fault.what
    assert fault.device == resource
    assert fault.remedy


def test_nobody_at_the_address_is_a_fault():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    fault = within(HUNG_S, lambda: Multimeter(f"TCPIP::127.0.0.1::{port}::SOCKET", timeout_s=0.3))
    assert fault.remedy


@pytest.mark.parametrize("resource", ["nonsense", "TCPIP::::SOCKET", "ASRL/dev/none::INSTR", ""])
def test_an_address_that_is_none_is_a_fault(resource: str):
    assert within(HUNG_S, lambda: Multimeter(resource, timeout_s=0.3)).remedy


@contextmanager
def late_meter(late_s: float) -> Iterator[str]:
    """A meter whose first current reading comes late; voltage and everything else come at once."""
    late = [late_s]

    def converse(client: socket.socket) -> None:
        with client, client.makefile("rb") as lines:
            for line in lines:
                try:
                    client.sendall(_late_reply(line.decode().strip(), late))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=converse, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET"
        server.shutdown(socket.SHUT_RDWR)


def _late_reply(asked: str, late: list[float]) -> bytes:
    if asked == "MEAS:CURR:DC?" and late:
        time.sleep(late.pop())
    answers = {"*IDN?": IDN, "MEAS:CURR:DC?": "0.35", "MEAS:VOLT:DC?": "13.65", "SYST:ERR?": '0,"No error"'}
    return f"{answers[asked]}\n".encode() if asked in answers else b""


def test_a_late_answer_never_becomes_the_next_one():
    with late_meter(0.5) as resource, Multimeter(resource, serial="EX0001234", timeout_s=0.3) as meter:
        with pytest.raises(RigFault, match=r"MEAS:CURR:DC\? was not answered"):
            _ = meter.dc_current
        time.sleep(0.4)  # the late answer has come by now
        assert meter.dc_voltage == 13.65
        assert meter.dc_current == 0.35


def test_letting_go_of_one_instrument_leaves_the_others_open():
    again = (*OPENING, ("MEAS:CURR:DC?", "+0.35"), NO_ERROR)
    with expected_protocol(*OPENING) as one, expected_protocol(*again) as other, Multimeter(other) as kept:
        Multimeter(one).close()
        assert kept.dc_current == 0.35


# -- other back ends ---------------------------------------------------------------------------------------

SIMULATED = """\
spec: "1.1"
devices:
  meter:
    eom:
      TCPIP SOCKET:
        q: "\\n"
        r: "\\n"
    error:
      error_queue:
        - q: "SYST:ERR?"
          default: '+0,"No error"'
          command_error: '-100,"Command error"'
          query_error: '-113,"Undefined header"'
    dialogues:
      - q: "*CLS"
      - q: "*IDN?"
        r: "Example Instruments,EX-34401,EX0001234,1.7"
      - q: "MEAS:CURR:DC?"
        r: "+3.51000000E-01"
      - q: "MEAS:VOLT:DC?"
        r: "+9.90000000E+37"
resources:
  TCPIP::meter::5025::SOCKET:
    device: meter
"""


@pytest.fixture
def simulated(tmp_path: Path) -> str:
    path = tmp_path / "meter.yaml"
    path.write_text(SIMULATED, encoding="utf-8")
    return f"{path}@sim"


def test_another_visa_library_gives_the_same_reading(simulated: str):
    with Multimeter("TCPIP::meter::5025::SOCKET", serial="EX0001234", backend=simulated) as meter:
        assert meter.dc_current == 0.351
        with pytest.raises(RigFault, match="overloaded"):
            _ = meter.dc_voltage


class Wrong(ScpiInstrument):
    """An instrument asked for what it cannot do."""

    frequency = reading("MEAS:FREQ?", unit="Hz", within=(0, 1e9))


def test_a_command_the_instrument_does_not_know_gives_no_reading(simulated: str):
    with (
        Wrong("TCPIP::meter::5025::SOCKET", backend=simulated, timeout_s=0.3) as meter,
        pytest.raises(RigFault),
    ):
        _ = meter.frequency


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_resource_that_is_opened_without_being_there_is_found_out(simulated: str):
    with pytest.raises(RigFault) as fault:
        Multimeter("TCPIP::nobody::5025::SOCKET", backend=simulated, timeout_s=0.3)
    assert "*IDN?" in fault.value.what


@pytest.mark.parametrize("backend", ["@nowhere", "/no/such/library.so@ivi", "/no/such/file.yaml@sim"])
def test_a_visa_library_that_is_not_installed_is_told(backend: str):
    with pytest.raises(RigFault, match="cannot be opened") as fault:
        Multimeter("TCPIP::meter::5025::SOCKET", backend=backend)
    assert "VISA library" in fault.value.remedy


def test_the_site_file_may_name_the_visa_library(simulated: str):
    options = {"backend": simulated, "timeout_s": 1.0}
    with Multimeter.of(
        Connection("visa", path="TCPIP::meter::5025::SOCKET", options=options), "EX0001234"
    ) as one:
        assert one.dc_current == 0.351
    with expected_protocol(*OPENING) as resource:
        Multimeter.of(Connection("visa", path=resource), "EX0001234").close()


def test_check_asks_through_the_library_that_the_site_file_names(simulated: str, tmp_path: Path):
    options = {"backend": simulated, "timeout_s": 1.0}
    at = Connection("visa", path="TCPIP::meter::5025::SOCKET", options=options)
    meter = Device("DMM-1", DeviceKind.INSTRUMENT, System.SITE, "万用表", "DMM", connection=at)
    (tmp_path / "site.toml").write_text("")
    (asked,) = reach(Site("t", "t", tmp_path, "Asia/Shanghai", {}, {}, {meter.id: meter}))
    assert "EX0001234" in asked.answer, asked.fault
