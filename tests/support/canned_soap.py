# SPDX-License-Identifier: Apache-2.0
"""A device that answers SOAP with what it is told to: canned bodies by operation, or raw bytes."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
SPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:tse="http://www.onvif.org/ver10/search/wsdl" '
    'xmlns:trc="http://www.onvif.org/ver10/recording/wsdl" '
    'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics" '
    'xmlns:ter="http://www.onvif.org/ver10/error"'
)


def envelope(body: str) -> bytes:
    return f'<?xml version="1.0"?><s:Envelope {SPACES}><s:Body>{body}</s:Body></s:Envelope>'.encode()


def fault(*subcodes: str, reason: str = "no") -> bytes:
    inner = ""
    for code in reversed(subcodes):
        inner = f"<s:Subcode><s:Value>ter:{code}</s:Value>{inner}</s:Subcode>"
    text = f'<s:Reason><s:Text xml:lang="en">{reason}</s:Text></s:Reason>'
    return envelope(f"<s:Fault><s:Code><s:Value>s:Sender</s:Value>{inner}</s:Code>{text}</s:Fault>")


def services(port: int, host: str = "127.0.0.1", **names: str) -> str:
    rows = "".join(
        f"<tds:Service><tds:Namespace>{space}</tds:Namespace><tds:XAddr>http://{host}:{port}/onvif/{name}"
        "</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version></tds:Service>"
        for name, space in names.items()
    )
    return f"<tds:GetServicesResponse>{rows}</tds:GetServicesResponse>"


CLOCK = (
    "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
    "<tt:DaylightSavings>false</tt:DaylightSavings>{zone}{times}</tds:SystemDateAndTime>"
    "</tds:GetSystemDateAndTimeResponse>"
)


def clock(kind: str = "UTCDateTime", zone: str = "", hour: int = 12) -> str:
    times = (
        f"<tt:{kind}><tt:Time><tt:Hour>{hour}</tt:Hour><tt:Minute>0</tt:Minute><tt:Second>5</tt:Second></tt:Time>"
        f"<tt:Date><tt:Year>2026</tt:Year><tt:Month>11</tt:Month><tt:Day>23</tt:Day></tt:Date></tt:{kind}>"
    )
    return CLOCK.format(times=times, zone=f"<tt:TimeZone><tt:TZ>{zone}</tt:TZ></tt:TimeZone>" if zone else "")


Answer = str | bytes | Callable[["Canned", str], "str | bytes"]


@dataclass
class Canned:
    """Answers by operation; ``asked`` holds (operation, request, headers) of everything that came."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    digest: str = ""  # HTTP digest is asked for when set
    status: int = 200

    def operations(self) -> list[str]:
        return [operation for operation, _, _ in self.asked]


@contextlib.contextmanager
def canned(**answers: Answer) -> Iterator[Canned]:
    """The device on a loopback port, with a clock and the media service unless told otherwise."""
    device = Canned()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one segment per answer: no 40 ms of delayed acknowledgement
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found = re.search(r"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)", request)
            operation = found[1] if found else ""
            device.asked.append((operation, request, dict(self.headers)))
            if device.digest and f'nonce="{device.digest}"' not in self.headers.get("Authorization", ""):
                self.reply(
                    401, b"", {"WWW-Authenticate": f'Digest realm="r", nonce="{device.digest}", qop="auth"'}
                )
                return
            answer = device.answers.get(operation, fault("ActionNotSupported"))
            body = answer(device, request) if callable(answer) else answer
            self.reply(device.status, envelope(body) if isinstance(body, str) else body, {})

        def do_GET(self) -> None:
            body = device.answers.get("GET", b"")
            self.reply(200, body if isinstance(body, bytes) else b"", {})

        def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    device.port = server.server_port
    usual: dict[str, Answer] = {
        "GetSystemDateAndTime": clock(),
        "GetServices": services(device.port, device=DEVICE, media=MEDIA),
        "GetProfiles": "<trt:GetProfilesResponse/>",
    }
    device.answers = usual | answers
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield device
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
