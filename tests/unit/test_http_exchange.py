# SPDX-License-Identifier: Apache-2.0
"""HTTP to a device that drips, redirects, asks in odd ways who we are, and sends what is too much."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support.field_bus import eventually
from yanshou.model import RigFault, now
from yanshou.protocols import http

SECRET = "pw-never-shown"


@contextlib.contextmanager
def device(reply: Callable[[socket.socket, bytes, int], bool]) -> Iterator[tuple[int, list[bytes]]]:
    """Answers each request by ``reply(socket, head, its number)``, until that says False."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(client: socket.socket) -> None:
            with client, contextlib.suppress(OSError):
                while True:
                    head = b""
                    while b"\r\n\r\n" not in head:
                        piece = client.recv(65_536)
                        if not piece:
                            return
                        head += piece
                    asked.append(head)
                    if not reply(client, head, len(asked)):
                        return

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1], asked


def answered(status: str = "200 OK", body: bytes = b"yes", *more: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more])
    return head.encode() + b"\r\n\r\n" + body


def get(port: int, path: str = "/x", at: int | None = None, **limits: float) -> http.HttpAnswer:
    home = http.home("127.0.0.1", port, tls=False)
    session = http.session("admin", SECRET, home=home)
    bounds = http.Limits(connect_s=2, read_s=2, **limits)  # type: ignore[arg-type]
    try:
        return http.exchange(
            session, "GET", f"http://127.0.0.1:{at or port}{path}", device="CAM", limits=bounds
        )
    finally:
        session.close()


def dripping(before: bytes, after: bytes) -> Callable[[socket.socket, bytes, int], bool]:
    def reply(client: socket.socket, _head: bytes, _number: int) -> bool:
        client.sendall(before)
        for _ in range(600):
            time.sleep(0.05)
            client.sendall(after)
        return False

    return reply


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_dripping_answer_is_ended_by_its_whole_time(before: bytes, after: bytes) -> None:
    with device(dripping(before, after)) as (port, _):
        began = now()
        with pytest.raises(RigFault, match="took longer than 1 s"):
            get(port, total_s=1.0)
        assert now() - began < 15  # the dripping lasts 30 s


def test_an_endless_answer_is_cut_off() -> None:
    def reply(client: socket.socket, _head: bytes, _number: int) -> bool:
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            client.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")

    with device(reply) as (port, _), pytest.raises(RigFault, match="longer than 1000000 bytes"):
        get(port, max_bytes=1_000_000)


def test_compressed_answers_are_read_within_their_bound_and_told() -> None:
    body = gzip.compress(b"yes" * 100)
    with device(lambda c, *_: c.sendall(answered("200 OK", body, "Content-Encoding: gzip")) is None) as (
        port,
        _,
    ):
        answer = get(port)
        assert answer.content == b"yes" * 100
        assert "compressed" in answer.oddities[0]
        with pytest.raises(RigFault, match="longer than 200 bytes"):
            get(port, max_bytes=200)


def test_a_short_answer_is_told_as_broken_off() -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nyes"
    with (
        device(lambda c, *_: c.sendall(short) is not None) as (port, _),
        pytest.raises(RigFault, match="broke off"),
    ):
        get(port)


def test_a_redirection_is_followed_at_the_same_host_and_told() -> None:
    def reply(client: socket.socket, head: bytes, _number: int) -> bool:
        client.sendall(answered() if b"GET /new" in head else answered("302 Found", b"", "Location: /new"))
        return True

    with device(reply) as (port, asked):
        answer = get(port)
        assert (answer.status, answer.content, len(asked)) == (200, b"yes", 2)
        assert "redirected" in answer.oddities[0]


@pytest.mark.parametrize("to", ["http://192.0.2.7/x", "http://192.0.2.7:1\\@127.0.0.1/x", "http://[::1/x"])
def test_a_redirection_elsewhere_is_not_followed(to: str) -> None:
    answer = answered("302 Found", b"", f"Location: {to}")
    with device(lambda c, *_: c.sendall(answer) is None) as (port, asked):
        with pytest.raises(RigFault, match="redirected to"):
            get(port)
        assert len(asked) == 1


def test_a_circle_of_redirections_ends() -> None:
    around = answered("302 Found", b"", "Location: /x")
    with (
        device(lambda c, *_: c.sendall(around) is None) as (port, _),
        pytest.raises(RigFault, match="redirected more than"),
    ):
        get(port)


def test_another_host_is_never_asked() -> None:
    session = http.session("admin", SECRET, home=http.home("127.0.0.1", 80, tls=False))
    for url in ("http://192.0.2.7/x", "ftp://127.0.0.1/x", "http://127.0.0.1:1\\@192.0.2.7/"):
        with pytest.raises(RigFault, match="asked"):
            http.exchange(session, "GET", url, device="CAM", limits=http.Limits())


def test_the_password_goes_in_clear_to_the_port_of_the_site_file_only() -> None:
    def basic(client: socket.socket, head: bytes, _number: int) -> bool:
        ok = b"Authorization: Basic" in head
        client.sendall(answered() if ok else answered("401 No", b"", 'WWW-Authenticate: Basic realm="x"'))
        return True

    with device(basic) as (port, asked), device(basic) as (other, heard):
        assert get(port).status == 200
        answer = get(port, at=other)
        assert answer.status == 401
        assert "in clear" in answer.withheld
        assert not any(b"Authorization" in one for one in heard)
        assert any(b"Authorization" in one for one in asked)


OFFERS = (
    'WWW-Authenticate: Digest realm="cam", nonce="ns", algorithm=SHA-256, qop="auth"',
    'WWW-Authenticate: Digest realm="cam", nonce="nm"',
    'WWW-Authenticate: Digest realm="cam", nonce="nx", algorithm=SHA-512-256, qop="auth"',
    'WWW-Authenticate: Digest realm="cam", nonce="nq", qop="auth-conf"',
)


def right(head: bytes) -> bool:
    """Whether a request bears the right digest for one of the challenges above."""
    said = re.search(r"Authorization: Digest (.*)", head.decode())
    found = dict(re.findall(r'(\w+)="?([^",\r]*)"?', said[1])) if said else {}
    if found.get("nonce") not in {"ns", "nm"}:
        return False
    hashed = hashlib.sha256 if found["nonce"] == "ns" else hashlib.md5
    first, last = (hashed(t.encode()).hexdigest() for t in (f"admin:cam:{SECRET}", f"GET:{found['uri']}"))
    middle = f"ns:{found.get('nc')}:{found.get('cnonce')}:auth" if found["nonce"] == "ns" else "nm"
    return found["response"] == hashed(f"{first}:{middle}:{last}".encode()).hexdigest()


@pytest.mark.parametrize("order", [OFFERS, OFFERS[::-1], (OFFERS[0] + ", " + OFFERS[1][18:],), OFFERS[1:]])
def test_one_of_several_challenges_is_answered_with_its_own_nonce(order: tuple[str, ...]) -> None:
    def reply(client: socket.socket, head: bytes, _number: int) -> bool:
        client.sendall(answered() if right(head) else answered("401 No", b"", *order))
        return True

    with device(reply) as (port, asked):
        assert get(port).status == 200
        assert len(asked) == 2


@pytest.mark.parametrize(("stale", "tries"), [("", 2), (", stale=true", 3)])
def test_a_wrong_password_is_tried_once(stale: str, tries: int) -> None:
    def reply(client: socket.socket, _head: bytes, number: int) -> bool:
        challenge = f'WWW-Authenticate: Digest realm="cam", nonce="n{number}"{stale}'
        client.sendall(answered("401 No", b"", challenge))
        return True

    with device(reply) as (port, asked):
        assert get(port).status == 401
        assert len(asked) == tries


def test_a_connection_that_ends_with_a_request_is_opened_again_but_not_for_what_is_given_once() -> None:
    def reply(client: socket.socket, _head: bytes, number: int) -> bool:
        if number in {2, 4}:  # the second request over a connection: it ends, and nobody knows what was done
            return False
        client.sendall(answered())
        return True

    with device(reply) as (port, asked):
        home = http.home("127.0.0.1", port, tls=False)
        session = http.session("", "", home=home)
        for _ in range(2):
            assert http.exchange(session, "GET", home, device="CAM", limits=http.Limits()).status == 200
        assert len(asked) == 3
        with pytest.raises(RigFault):
            http.exchange(session, "PUT", home, device="CAM", limits=http.Limits(), once=True)
        assert len(asked) == 4
        session.close()


def test_a_kept_connection_that_the_device_closed_is_opened_again_for_everything() -> None:
    def reply(client: socket.socket, _head: bytes, _number: int) -> bool:
        client.sendall(answered())
        return False  # closes without having said so

    with device(reply) as (port, asked):
        home = http.home("127.0.0.1", port, tls=False)
        session = http.session("", "", home=home)
        for _ in range(2):
            assert http.exchange(session, "GET", home, device="CAM", limits=http.Limits()).status == 200
            assert eventually(lambda: all(one.dropped for kept in session._idle.values() for one in kept))
        assert len(asked) == 2
        put = http.exchange(session, "PUT", home, device="CAM", limits=http.Limits(), once=True)
        assert put.status == 200
        assert len(asked) == 3
        session.close()
