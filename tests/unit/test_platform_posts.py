# SPDX-License-Identifier: Apache-2.0
"""What a platform posts is taken whole with its stamps, or refused with a reason, never in between.

The clients are Python's http.client and plain sockets; neither shares code with the receiver.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from yanshou.acquisition.centre import Centre, ReceivedPost
from yanshou.acquisition.centre.posts import LONGEST_BODY, RefusedError, json_text, read_chunks, read_head
from yanshou.commissioning import reach
from yanshou.drivers.platform.events import UnreadableEventsError, events_of, value_at
from yanshou.drivers.platform.link import RestLink
from yanshou.drivers.platform.profile import load_platform, shipped_platforms
from yanshou.equipment.platform import Platform
from yanshou.model import Connection, Device, DeviceKind, Instant, RigFault, System, UsageError, now
from yanshou.protocols import http as bounded

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE_S = 8.0


class Bench:
    """The receiving process with one platform's port."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.port = centre.listen("PLAT-1", ("127.0.0.1", 0), "/events", '{"code": 0}')

    def post(self, body: bytes, path: str = "/events", method: str = "POST", **headers: str) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            line.request(method, path, body, {"Content-Type": "application/json", **headers})
            return line.getresponse().status
        finally:
            line.close()

    def send(self, raw: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as line:
            line.sendall(raw)
            return line.recv(4096)

    def came(self, count: int = 1) -> list[ReceivedPost]:
        until = now() + PATIENCE_S
        while len(found := self.centre.posts("PLAT-1", 0)) < count and now() < until:
            time.sleep(0.01)
        return found


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    with Centre([], [], ordinary=True) as made:
        yield made


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Centre([], [], ordinary=True) as made:
        yield Bench(made)


def test_a_post_is_taken_between_its_sending_and_its_answer(bench: Bench) -> None:
    before = now()
    assert bench.post(b'{"eventId": "1"}') == 200
    after = now()
    (post,) = bench.came()
    assert (post.body, post.reason) == ('{"eventId": "1"}', "")
    assert before - 0.5 <= post.complete.earliest <= post.complete.latest <= after
    assert abs(post.utc - time.time()) < PATIENCE_S


def test_chunks_and_a_promise_to_go_on_are_understood(bench: Bench) -> None:
    line = http.client.HTTPConnection("127.0.0.1", bench.port, timeout=PATIENCE_S)
    line.request(
        "POST",
        "/events",
        iter([b'{"a":', b" 1}"]),
        encode_chunked=True,
        headers={"Transfer-Encoding": "chunked"},
    )
    assert line.getresponse().read() == b'{"code": 0}'
    line.close()
    with socket.create_connection(("127.0.0.1", bench.port), PATIENCE_S) as raw:
        raw.sendall(b"POST /events HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 100")
        raw.sendall(b"{}")
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
    assert [one.body for one in bench.came(2)] == ['{"a": 1}', "{}"]


@pytest.mark.parametrize(
    ("raw", "status", "reason"),
    [
        (b"POST /events HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n", b"413", "at most"),
        (b"POST /events HTTP/1.1\r\nX: " + b"a" * 20_000, b"431", "headers"),
        (b"POST /events HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", b"400", "no JSON"),
        (b"POST /events HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400", "not clear"),
        (
            b"POST /events HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"400",
            "not clear",
        ),
        (b"POST /other HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", b"404", "/other"),
        (b"GET /events HTTP/1.1\r\n\r\n", b"405", "GET"),
        (b"hello world\r\n\r\n", b"400", "no request"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(
    centre: Centre, raw: bytes, status: bytes, reason: str
) -> None:
    bench = Bench(centre)
    after = centre.mark()
    assert bench.send(raw).startswith(b"HTTP/1.1 " + status)
    (post,) = centre.posts("PLAT-1", after)
    assert post.body == ""
    assert reason in post.reason


def test_a_body_that_drips_ends_in_time_and_holds_nobody_up(bench: Bench) -> None:
    with socket.create_connection(("127.0.0.1", bench.port), PATIENCE_S) as slow:
        slow.sendall(b"POST /events HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
        assert bench.post(b"{}") == 200
        assert slow.recv(100).startswith(b"HTTP/1.1 408")
    assert [one.reason[:3] for one in bench.came(2)] == ["", "408"]


def test_a_request_that_is_broken_off_is_noted(bench: Bench) -> None:
    with socket.create_connection(("127.0.0.1", bench.port), PATIENCE_S) as line:
        line.sendall(b"POST /events HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
    assert "ended before" in bench.came()[0].reason


def test_pieces_are_read_without_the_socket() -> None:
    assert read_chunks(b"3\r\nabc\r\n0\r\n\r\n") == (b"abc", 13)
    assert read_chunks(b"3\r\nab") is None
    with pytest.raises(RefusedError, match="no length"):
        read_chunks(b"zz\r\n")
    with pytest.raises(RefusedError, match="more than"):
        read_chunks(f"{LONGEST_BODY + 1:x}\r\n".encode())
    with pytest.raises(RefusedError, match="no request"):
        read_head(b"POST /events")
    with pytest.raises(RefusedError, match="RecursionError"):
        json_text(b"[" * 100_000)
    assert json.loads(json_text('{"name": "周界"}'.encode("gb18030")))["name"] == "周界"


# -- the events in the bodies


GENERIC = load_platform("generic-rest", Path())
ZONE = Device("Z01", DeviceKind.ZONE, System.INTRUSION, "", attributes={"platform_id": "340100-Z01"})
AT = Connection("rest", "127.0.0.1", 1)
PLAT = Device("PLAT-1", DeviceKind.PLATFORM, System.INTEGRATION, "", connection=AT, profile="generic-rest")


def event(**changed: object) -> dict[str, object]:
    usual = {
        "eventId": "E1",
        "deviceCode": "340100-Z01",
        "eventType": "intrusionAlarm",
        "happenTime": "2026-11-29T10:00:00",
    }
    return {key: value for key, value in {**usual, **changed}.items() if value is not None}


def read(*events: dict[str, object]) -> list[object]:
    return list(events_of(GENERIC, json.dumps(list(events)), "", SHANGHAI))


def test_a_time_without_offset_is_in_the_zone_of_the_site() -> None:
    local, utc = events_of(
        GENERIC, json.dumps([event(), event(happenTime="2026-11-29T02:00:00Z")]), "", SHANGHAI
    )
    assert local.when == utc.when


@pytest.mark.parametrize(
    ("changed", "oddity"),
    [
        ({"happenTime": None}, "has no time"),
        ({"happenTime": "yesterday"}, "time that is none"),
        ({"happenTime": 1e400}, "time that is none"),
        ({"deviceCode": None}, "names no device"),
        ({"deviceCode": {"id": 1}}, "names no device"),
    ],
)
def test_what_an_event_lacks_is_told_and_it_is_kept(changed: dict[str, object], oddity: str) -> None:
    (found,) = events_of(GENERIC, json.dumps([event(**changed)]), "", SHANGHAI)
    assert oddity in found.oddity
    assert found.kind == "alarm"


@pytest.mark.parametrize(
    "body", ["{", "[" * 50_000, "3", '"x"', "[1]", json.dumps([[]]), "[" + "{}," * 10_001 + "{}]"]
)
def test_a_body_without_events_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableEventsError):
        events_of(GENERIC, body, "", SHANGHAI)


def test_a_field_is_found_by_its_path_or_not_at_all() -> None:
    document = {"data": {"list": [{"plateNo": "A1"}]}}
    assert value_at(document, "data.list.0.plateNo") == "A1"
    assert [value_at(document, path) for path in ("data.list.1", "data.list.x", "data.list.-1", "")] == [
        None
    ] * 4


class Posts:
    """Posts as the receiving process gives them."""

    def __init__(self) -> None:
        self.kept: list[ReceivedPost] = []

    def add(self, body: object, *, utc: float = 0.0, reason: str = "") -> None:
        at = Instant(now(), now())
        text = "" if reason else json.dumps(body)
        self.kept.append(ReceivedPost(len(self.kept) + 1, at, at, utc, text, reason))

    def __call__(self, after: int) -> list[ReceivedPost]:
        return [one for one in self.kept if one.number > after]


class Notes:
    def note(self, _kind: str, **_fields: object) -> None: ...

    def observation(self, _what: str, _via: str, instant: object, _value: object = None) -> object:
        return instant

    def stimulus(self, _what: str, _via: str, instant: Instant) -> Instant:
        return instant


def platform(posts: Posts) -> Platform:
    link = RestLink(
        PLAT, {"340100-Z01": "Z01", "Z02": "Z02"}, GENERIC, bounded.session("", "", home=bounded.base(AT)),
        SHANGHAI, posts, lambda *_: None,
    )  # fmt: skip
    notes: object = Notes()
    return Platform(link, notes, 0.1)  # type: ignore[arg-type]


UTC_OF_EVENT = 1_795_917_600.0  # 2026-11-29 10:00 in Shanghai


def test_an_event_is_known_by_the_platforms_name_of_the_device() -> None:
    posts = Posts()
    platform_ = platform(posts)
    at = Instant(now(), now())
    posts.add(event(), utc=UTC_OF_EVENT)
    seen = platform_.wait_event("alarm", since=at, device="Z01")
    assert seen is not None
    assert (seen.device, seen.skew_s) == ("Z01", 0.0)
    assert platform_.others(at, {"Z01"}) == []


@pytest.mark.parametrize(("old_s", "fault"), [(30.0, False), (5000.0, True), (8 * 3600 + 5.0, False)])
def test_an_event_stamped_long_before_it_came_may_be_an_old_one(old_s: float, fault: bool) -> None:
    """A platform that was down sends what it had queued; a clock that is off shows at the next event, too."""
    posts = Posts()
    platform_ = platform(posts)
    at = Instant(now(), now())
    posts.add(event(), utc=UTC_OF_EVENT + old_s)
    if not fault:
        assert platform_.wait_event("alarm", since=at, device="Z01") is not None
        return
    with pytest.raises(RigFault, match="stamp 5000 s old"):
        platform_.wait_event("alarm", since=at, device="Z01")
    again = Instant(now(), now())
    posts.add(event(eventId="E2"), utc=UTC_OF_EVENT + old_s + 0.5)
    assert platform_.wait_event("alarm", since=again, device="Z01") is not None


def test_an_event_under_another_name_is_not_the_awaited_one_and_is_told() -> None:
    posts = Posts()
    platform_ = platform(posts)
    at = Instant(now(), now())
    posts.add(event(deviceCode="Z02"))
    posts.add(event(deviceCode="nobody", eventId="E2"))
    assert platform_.wait_event("alarm", since=at, device="Z01") is None
    assert platform_.others(at, {"Z01"}) == ["平台报出 Z02 intrusionAlarm", "平台报出 nobody intrusionAlarm"]


def test_a_doubled_delivery_is_one_event_and_a_clock_of_another_zone_is_told() -> None:
    posts = Posts()
    platform_ = platform(posts)
    at = Instant(now(), now())
    posts.add(event(), utc=UTC_OF_EVENT + 8 * 3600)
    posts.add(event(), utc=UTC_OF_EVENT + 8 * 3600)
    assert platform_.wait_event("alarm", since=at, device="Z01") is not None
    assert [one.repeated for one in platform_.link.events(at)] == [False, True]
    reported = platform_.remarks(at)
    assert "重复送达 1 次" in reported[0]
    assert "-8 h（似为时区不同）" in reported[1]


@pytest.mark.parametrize("body", [None, [1], "x"])
def test_what_could_not_be_read_may_have_been_the_awaited_event(body: object) -> None:
    posts = Posts()
    platform_ = platform(posts)
    platform_.begin()
    posts.add(body, reason="400: the body is no JSON" if body is None else "")
    with pytest.raises(RigFault, match="cannot be read"):
        platform_.wait_event("alarm", since=Instant(now(), now()), device="Z01")


def test_what_came_before_is_forgotten() -> None:
    posts = Posts()
    platform_ = platform(posts)
    posts.add(None, reason="400: the body is no JSON")
    platform_.begin()
    platform_.require_readable()


def test_a_command_that_nobody_released_is_not_sent() -> None:
    def refuse(effect: str, target: str) -> None:
        raise RigFault(f"{effect} of {target} was not released")

    platform_ = platform(Posts())
    platform_.link.permit = refuse
    with pytest.raises(RigFault, match="lock_release of D02 was not released"):
        platform_.command("lock_release", "D02")


def test_the_wiring_check_asks_a_platform_and_commands_nothing(
    listing: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RestLink, "of", lambda *_: listing.link)
    Listing.answer = [(200, b"{}")]
    nothing: Any = None
    assert reach._platform(nothing, PLAT) == "its service answers"
    Listing.answer = [(502, b"")]
    with pytest.raises(RigFault, match="does not answer"):
        reach._platform(nothing, PLAT)


def test_a_service_that_refuses_the_connection_does_not_answer() -> None:
    assert platform(Posts()).host.answers() is False


def test_an_event_that_was_held_back_from_before_is_not_taken_for_a_new_one() -> None:
    posts = Posts()
    platform_ = platform(posts)
    posts.add(event(eventId="E0"), utc=UTC_OF_EVENT)
    platform_.begin()
    at = Instant(now(), now())
    posts.add(event(eventId="E1"), utc=UTC_OF_EVENT + 8.0)  # stamped eight seconds before it came
    assert platform_.wait_event("alarm", since=at, device="Z01") is None


# -- the list of a platform that posts nothing


class Listing(BaseHTTPRequestHandler):
    """A platform's list of events."""

    answer: ClassVar[list[tuple[int, bytes]]] = []

    def do_GET(self) -> None:
        status, body = self.answer.pop(0) if len(self.answer) > 1 else self.answer[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listing() -> Iterator[Platform]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    at = Connection("rest", "127.0.0.1", server.server_address[1])
    device = replace(PLAT, connection=at)
    link = RestLink(
        device, {"340100-Z01": "Z01"}, GENERIC, bounded.session("", "", home=bounded.base(at)),
        SHANGHAI, None, lambda *_: None,
    )  # fmt: skip
    notes: object = Notes()
    yield Platform(link, notes, 0.5)  # type: ignore[arg-type]
    server.shutdown()
    server.server_close()


def listed(*events: dict[str, object]) -> tuple[int, bytes]:
    return 200, json.dumps({"data": {"list": list(events)}}).encode()


def test_what_a_list_held_before_is_old_and_what_it_holds_again_is_no_second_event(listing: Platform) -> None:
    fresh = event(eventId="E2", happenTime=datetime.now(SHANGHAI).isoformat())
    Listing.answer = [listed(event()), listed(event(), fresh)]
    listing.begin()
    at = Instant(now(), now())
    seen = listing.wait_event("alarm", since=at, device="Z01")
    assert seen is not None
    assert seen.event.id == "E2"
    listing.link.poll()
    assert len(listing.link.events(at)) == 1


def test_a_list_that_cannot_be_read_may_hold_the_awaited_event(listing: Platform) -> None:
    Listing.answer = [listed(), (200, b"[[["), listed()]
    listing.begin()
    with pytest.raises(RigFault, match="cannot be read"):
        listing.wait_event("alarm", since=Instant(now(), now()), device="Z01")


@pytest.mark.parametrize("answer", [(500, b""), (200, b"x" * (5 * 1024 * 1024))])
def test_a_list_that_fails_or_has_no_end_is_a_fault_of_the_path(
    listing: Platform, answer: tuple[int, bytes]
) -> None:
    Listing.answer = [answer]
    with pytest.raises(RigFault):
        listing.begin()


# -- the profile


BAD = """schema = "yanshou-platform/1"
[device]
vendor = "x"
model = "y"
document = "z"
[push]
path = "events"
[event]
device = "d"
time_form = "unix"
[kinds]
alarm = ["A"]
tamper = ["a"]
explosion = ["B"]
[[command]]
effect = "lock_release"
path = "/doors/{door}"
"""


def test_every_mistake_of_a_profile_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(BAD, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_platform("own.toml", tmp_path)
    found = {one.line: one.what for one in caught.value.mistakes}
    assert "path 'events' is none" in found[7]
    assert "kind is missing" in found[8]
    assert "time_form 'unix' is not known" in found[10]
    assert "means both alarm and tamper" in found[13]
    assert "'explosion' is not a key" in found[14]
    assert "path has {door}" in found[17]


def test_a_profile_that_does_not_exist_is_told() -> None:
    with pytest.raises(UsageError, match="no such platform profile"):
        load_platform("generic", Path())
    assert "generic-rest" in shipped_platforms()
