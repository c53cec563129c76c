# SPDX-License-Identifier: Apache-2.0
"""The console on a phone: who may see and answer, and that no answer is lost, doubled or somebody else's."""

from __future__ import annotations

import asyncio
import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from starlette.requests import Request

from tests.support.browser import Browser
from yanshou.console import uploads
from yanshou.console.access import Admission, Holder
from yanshou.console.backend import ConsoleOperator
from yanshou.console.counter import Counter
from yanshou.console.desk import Desk
from yanshou.console.roles import TESTER, WITNESS
from yanshou.console.web import Web
from yanshou.model import RigFault, Site, Text
from yanshou.operator import (
    Answer,
    ChoiceQuestion,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
    TextQuestion,
    WentBackError,
    shown_digest,
)
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
HOST = "192.168.43.1:8443"
PEOPLE = (Holder("张三", TESTER), Holder("李四", WITNESS), Holder("王五", TESTER))
LUX = NumberQuestion("CAM-1.lux", "照度？", "lx", 0, 1000)
READY = ConfirmQuestion("CAM-1.ready", "是否就绪？")
RELEASE = ConfirmQuestion("release.siren", "是否允许警号鸣响？", witnessed=True)
PHOTO = PhotoQuestion("CAM-1.photo", "请拍照")


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(BRANCH)


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path / "run")


class Phone:
    """A browser: it keeps its cookie and sends the Origin of the page."""

    def __init__(self, web: Web) -> None:
        self.client = Browser(web.app, f"https://{HOST}")

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, body: object) -> Any:
        return self.client.post(path, json_body=body)

    def enter(self, token: str) -> Phone:
        assert self.post("/enter", {"token": token}).status_code == 200
        return self

    @property
    def prompt(self) -> dict[str, Any]:
        """The prompt that is shown, once there is one."""
        for _ in range(200):
            if (shown := self.get("/state").json()["prompt"]) and not shown["given"]:
                return dict(shown)
            threading.Event().wait(0.02)
        raise AssertionError("no prompt")

    def answer(self, **more: object) -> Any:
        return self.post("/answer", {"prompt": self.prompt["id"], **more})


class Asked:
    """A question asked in a thread of its own, as the run does, and what came of it."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self.answer: object = None
        self.error: BaseException | None = None
        self._ask = ask
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.answer = self._ask()
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.error = error

    @property
    def waits(self) -> bool:
        return self._thread.is_alive()

    def result(self) -> Answer:
        self._thread.join(20)
        assert not self._thread.is_alive()
        assert self.error is None, self.error
        assert isinstance(self.answer, Answer)
        return self.answer


class Guard:
    """The run's side and the console's side of one run."""

    def __init__(self, counter: Counter, site: Site) -> None:
        self.counter = counter
        self.said: list[str] = []
        self.operator = ConsoleOperator(counter, site, "张三", "李四", write=self.said.append)
        self.start()

    def start(self) -> None:
        """Begin the console, or begin it again after it was killed: nothing but the disk is known then."""
        self.access = Admission(self.counter.folder / "phones.json", PEOPLE)
        self.web = Web(Desk(self.counter, self.access), HOST, secure=True)

    def phone(self, holder: Holder = PEOPLE[0]) -> Phone:
        return Phone(self.web).enter(self.access.token(holder))

    def ask(self, question: Question) -> Asked:
        return Asked(lambda: self.operator.ask(question))


@pytest.fixture
def guard(counter: Counter, site: Site) -> Iterator[Guard]:
    made = Guard(counter, site)
    yield made
    made.operator.close()


def test_an_answer_is_checked_at_once_and_kept_with_the_name_of_its_phone(guard):
    phone, asked = guard.phone(), guard.ask(LUX)
    refused = phone.answer(value="1200")
    assert refused.status_code == 422
    assert "0 至 1000 lx" in refused.json()["wanted"]["zh"]
    assert phone.answer(value="１２．５ ｌｘ").status_code == 200
    answer = asked.result()
    assert (answer.value, answer.unit, answer.person) == (12.5, "lx", "张三")


@pytest.mark.parametrize("typed", ["5 μs", "5 µs", "０．００５ ms"])
def test_both_letters_for_micro_and_full_width_digits_are_understood(guard, typed):
    asked = guard.ask(NumberQuestion("CAM-1.time", "时间？", "s", 0, 1, named=True))
    assert guard.phone().answer(value=typed).status_code == 200
    assert asked.result().value == pytest.approx(5e-6)


@pytest.mark.parametrize(
    "typed", [{"unable": "镜头被遮挡"}, {"value": "！镜头被遮挡"}, {"value": "!镜头被遮挡"}]
)
def test_what_cannot_be_done_needs_a_reason_in_words(guard, typed):
    phone, asked = guard.phone(), guard.ask(LUX)
    assert phone.answer(unable=" \n ").status_code == 422
    assert phone.answer(unable="12").status_code == 422
    assert phone.answer(**typed).status_code == 200
    answer = asked.result()
    assert (answer.value, answer.unable) == (None, "镜头被遮挡")


def test_words_of_a_choice_come_in_the_language_of_the_phone(guard):
    known = (("1", "very annoying"), ("5", "imperceptible"))
    asked = guard.ask(
        ChoiceQuestion("CAM-1.grade", "评分", (("5", "不可察觉"), ("1", "很讨厌")), known=known)
    )
    phone = guard.phone()
    assert phone.prompt["options"][0] == {"value": "5", "words": "不可察觉", "other": "imperceptible"}
    assert phone.answer(value="3").status_code == 422
    assert phone.answer(value="5").status_code == 200
    assert asked.result().value == "5"


def test_the_answer_before_can_be_corrected_only_where_the_run_offers_it(guard):
    phone, asked = guard.phone(), guard.ask(LUX)
    assert phone.answer(back=True).status_code == 422
    phone.answer(value="1")
    asked.result()
    again = guard.ask(replace(LUX, back=True))
    assert phone.answer(back=True).status_code == 200
    again._thread.join(20)
    assert isinstance(again.error, WentBackError)


@pytest.mark.parametrize(("sent", "place"), [("1", 1), ("", None)])
def test_the_answers_of_an_item_are_looked_at_once_more(guard, sent, place):
    kind = ChoiceQuestion("CAM-1.kind", "类型", (("a", "枪机"),), known=(("a", "bullet"),))
    answers = ((LUX, 5.0), (READY, True), (kind, "a"))
    given = [(one, Answer(one.key, value, "张三", "")) for one, value in answers]
    phone, asked = guard.phone(), Asked(lambda: guard.operator.review(given))
    assert [one["value"] for one in phone.prompt["review"]] == [
        5.0,
        True,
        {"zh": "枪机", "en": "bullet"},
    ]
    assert phone.answer(value="3").status_code == 422
    assert phone.answer(value=sent).status_code == 200
    asked._thread.join(20)
    assert (asked.answer, asked.error) == (place, None)


# -- who may see and answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/state", "/events", "/picture/0123456789abcdef/0"])
def test_nobody_without_a_token_sees_anything(guard, path):
    asked = guard.ask(LUX)
    answer = Phone(guard.web).get(path)
    assert (answer.status_code, answer.json()) == (401, {"why": "enter"})
    assert asked.waits


def test_nobody_without_a_token_answers(guard):
    asked = guard.ask(READY)
    prompt = guard.phone().prompt["id"]
    stranger = Phone(guard.web)
    stranger.client.cookies["__Host-yanshou-00000000"] = "guessed"
    for path in ("/answer", f"/photo/{prompt}", "/pause"):
        assert stranger.post(path, {"prompt": prompt, "value": "yes", "on": True}).status_code == 401
    assert guard.counter.paused() == {}
    assert asked.waits


def test_a_token_admits_one_phone_once(guard):
    token = guard.access.token(PEOPLE[0])
    assert Phone(guard.web).post("/enter", {"token": token}).status_code == 200
    assert Phone(guard.web).post("/enter", {"token": token}).status_code == 403
    assert Phone(guard.web).post("/enter", {"token": "guessed"}).status_code == 403
    assert Phone(guard.web).post("/enter", {"token": ["x"]}).status_code == 403


def test_a_new_phone_of_a_person_shuts_out_the_one_before(guard):
    lost = guard.phone()
    guard.phone()
    assert lost.get("/state").status_code == 401


def test_a_phone_does_not_become_somebody_else_s(guard):
    phone = guard.phone()
    assert phone.post("/enter", {"token": guard.access.token(PEOPLE[1])}).status_code == 403
    assert phone.get("/state").json()["role"] == TESTER


def test_a_phone_is_admitted_for_some_days_and_only_while_its_person_is_named(guard, monkeypatch):
    phone = guard.phone(PEOPLE[2])
    monkeypatch.setattr("yanshou.console.access.LASTS_S", -1)
    assert phone.get("/state").status_code == 401
    monkeypatch.undo()
    assert phone.get("/state").status_code == 200
    monkeypatch.setattr(guard.access, "people", PEOPLE[:2])
    assert phone.get("/state").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "192.168.43.1:8444"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://{HOST}"},
    ],
    ids=str,
)
def test_another_host_or_page_is_refused(guard, headers):
    phone, asked = guard.phone(), guard.ask(READY)
    prompt = phone.prompt["id"]
    answer = phone.client.post("/answer", json_body={"prompt": prompt, "value": "yes"}, headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"why": "foreign"})
    assert phone.client.get("/state", headers=headers).status_code == 403
    assert asked.waits


def test_an_answer_must_say_from_which_page_it_comes(guard):
    phone, asked = guard.phone(), guard.ask(READY)
    prompt = phone.prompt["id"]
    del phone.client.headers["Origin"]
    assert phone.post("/answer", {"prompt": prompt, "value": "yes"}).status_code == 403
    assert asked.waits


def test_the_cookie_and_every_answer_carry_the_headers_of_a_private_page(guard):
    phone = Phone(guard.web)
    entered = phone.post("/enter", {"token": guard.access.token(PEOPLE[0])})
    cookie = entered.headers["set-cookie"].lower()
    assert cookie.startswith("__host-")
    assert all(word in cookie for word in ("httponly", "secure", "samesite=strict", "path=/"))
    for path in ("/", "/app.js", "/state", "/nothing"):
        headers = phone.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_without_encryption_the_cookie_goes_in_clear_and_the_page_must_still_be_its_own(guard):
    web = Web(Desk(guard.counter, guard.access, exposed=True), HOST, secure=False)
    phone = Phone(web)
    token = guard.access.token(PEOPLE[0])
    assert phone.post("/enter", {"token": token}).status_code == 403  # from the page over https
    phone.client.headers["Origin"] = f"http://{HOST}"
    cookie = phone.post("/enter", {"token": token}).headers["set-cookie"].lower()
    assert "secure" not in cookie
    assert "httponly" in cookie
    assert phone.get("/state").json()["exposed"] is True


def test_what_is_kept_of_a_phone_on_the_disk_admits_nobody(guard):
    phone = guard.phone()
    kept = (guard.counter.folder / "phones.json").read_text("utf-8")
    assert not [value for value in phone.client.cookies.values() if value in kept]


@pytest.mark.parametrize(
    "path", ["/../state.json", "/%2e%2e/state.json", "/picture/x/..%2f..%2fstate.json", "/page/app.js"]
)
def test_no_other_file_of_the_computer_is_given_out(guard, path):
    assert guard.phone().get(path).status_code == 404


def test_the_page_holds_no_markup_of_a_device_and_no_script_of_its_own(guard, site):
    page = Phone(guard.web).get("/").text
    assert "<script>" not in page
    assert "onclick" not in page
    assert "innerHTML" not in Phone(guard.web).get("/app.js").text


# -- a reload, a second phone, a killed console, a killed run -----------------------------------------------


def test_a_reload_and_a_restarted_console_show_the_same_question(guard):
    phone, asked = guard.phone(), guard.ask(LUX)
    before = phone.prompt
    assert phone.prompt == before
    guard.start()
    again = Phone(guard.web)
    again.client.cookies = phone.client.cookies
    assert again.prompt == before
    assert again.answer(value="7").status_code == 200
    assert asked.result().value == 7


def test_of_two_phones_the_first_answers_and_the_second_is_told_who(guard):
    first, second, asked = guard.phone(), guard.phone(PEOPLE[2]), guard.ask(LUX)
    prompt = second.prompt["id"]
    assert first.answer(value="1").status_code == 200
    late = second.post("/answer", {"prompt": prompt, "value": "999"})
    assert (late.status_code, late.json()) == (409, {"why": "answered", "person": "张三"})
    assert asked.result().value == 1
    after = second.post("/answer", {"prompt": prompt, "value": "999"})
    assert (after.status_code, after.json()["person"]) == (409, "张三")


def test_the_same_answer_sent_twice_counts_once_and_is_no_mistake(guard):
    tester, witness, asked = guard.phone(), guard.phone(PEOPLE[1]), guard.ask(RELEASE)
    prompt = tester.prompt["id"]
    for _ in range(2):
        assert tester.post("/answer", {"prompt": prompt, "value": "yes"}).status_code == 200
    assert tester.post("/answer", {"prompt": prompt, "value": "no"}).status_code == 409
    assert asked.waits
    witness.answer(value="yes")
    assert asked.result().value is True


def test_a_view_that_comes_late_is_known_by_its_number(guard):
    phone = guard.phone()
    first, second = (phone.get("/state").json()["order"] for _ in range(2))
    assert first < second


def test_a_late_answer_never_counts_for_the_next_question(guard):
    phone, asked = guard.phone(), guard.ask(LUX)
    first = phone.prompt["id"]
    phone.answer(value="1")
    asked.result()
    following = guard.ask(READY)
    assert phone.prompt["id"] != first
    assert phone.post("/answer", {"prompt": first, "value": "yes"}).status_code == 409
    assert following.waits


def test_no_answer_is_taken_for_a_run_that_ended(guard):
    phone = guard.phone()
    guard.ask(READY)
    prompt = phone.prompt["id"]
    guard.operator.close()
    refused = phone.post("/answer", {"prompt": prompt, "value": "yes"})
    assert (refused.status_code, refused.json()) == (410, {"why": "not_running"})
    guard.web = Web(Desk(guard.counter, guard.access), HOST, secure=True)
    state = phone.get("/state").json()
    assert state["prompt"] is None or state["runs"]


def test_a_run_that_goes_on_asks_anew_and_takes_no_answer_of_the_session_before(counter, site):
    killed = Guard(counter, site)
    phone = killed.phone()
    killed.ask(READY)
    prompt = phone.prompt["id"]
    counter.give(TESTER, counter_answer(prompt))
    killed.operator.close()
    following = ConsoleOperator(counter, site, "张三", "李四", write=print)
    try:
        asked = Asked(lambda: following.ask(READY))
        assert phone.prompt["id"] != prompt
        assert asked.waits
    finally:
        following.close()


def counter_answer(prompt: str) -> Any:
    from yanshou.console.counter import Given

    return Given(prompt, "张三", "2026-11-29T08:00:00Z", "yes")


def test_one_console_and_one_run_have_the_folder(guard, site):
    held = guard.counter.serve()
    with pytest.raises(RigFault, match="another console"):
        Counter(guard.counter.folder.with_suffix("")).serve()
    held.release()
    with pytest.raises(RigFault, match="another run"):
        ConsoleOperator(guard.counter, site, "张三")


def test_news_come_as_events_and_end_when_the_phone_is_shut_out(guard):
    phone = guard.phone()
    cookie = "; ".join(f"{key}={value}" for key, value in phone.client.cookies.items())
    scope = {"type": "http", "method": "GET", "path": "/events", "headers": [(b"cookie", cookie.encode())]}

    async def read() -> list[str]:
        news = guard.web._news(Request(scope))
        first = await anext(news)
        guard.ask(LUX)
        second = await anext(news)
        await asyncio.to_thread(guard.phone)
        return [first, second, *[one async for one in news]]

    first, second, *_, last = asyncio.run(read())
    assert '"prompt": null' in first
    assert "照度" in second
    assert last.startswith("event: gone")


def test_a_paused_run_waits_and_the_journal_says_who_paused(guard, site):
    phone, notes = guard.phone(), []
    assert guard.phone(PEOPLE[1]).post("/pause", {"on": True}).status_code == 403
    assert phone.post("/pause", {"on": True}).status_code == 200
    held = Asked(lambda: guard.operator.hold(lambda kind, **fields: notes.append((kind, fields))))
    held._thread.join(0.5)
    assert held.waits
    assert phone.get("/state").json()["paused"]["person"] == "张三"
    phone.post("/pause", {"on": False})
    held._thread.join(20)
    assert [kind for kind, _ in notes] == ["paused", "resumed"]
    assert notes[0][1] == {"person": "张三"}
    assert "张三" in guard.said[-1]
    phone.post("/pause", {"on": True})
    guard.operator.close()
    assert ConsoleOperator(guard.counter, site, "张三").name
    assert guard.counter.paused() == {}  # who starts the run again wants it to go on


# -- two people ---------------------------------------------------------------------------------------------


def test_an_intrusive_action_waits_for_both_and_names_them(guard):
    tester, witness, asked = guard.phone(), guard.phone(PEOPLE[1]), guard.ask(RELEASE)
    assert tester.answer(value="yes").status_code == 200
    asked._thread.join(0.5)
    assert asked.waits
    assert tester.get("/state").json()["prompt"]["waits_for"] == WITNESS
    assert witness.answer(value="yes").status_code == 200
    answer = asked.result()
    assert (answer.value, answer.person, answer.witness) == (True, "张三", "李四")


def test_two_testers_are_no_tester_and_witness(guard):
    first, second, asked = guard.phone(), guard.phone(PEOPLE[2]), guard.ask(RELEASE)
    assert first.answer(value="yes").status_code == 200
    prompt = first.get("/state").json()["prompt"]["id"]
    assert second.post("/answer", {"prompt": prompt, "value": "yes"}).status_code == 409
    asked._thread.join(0.3)
    assert asked.waits


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("said", [{"value": "no"}, {"unable": "消防未撤防"}], ids=["no", "unable"])
def test_one_no_is_enough(guard, who, said):
    phone, asked = guard.phone(PEOPLE[who]), guard.ask(RELEASE)
    assert phone.answer(**said).status_code == 200
    answer = asked.result()
    assert answer.value is not True
    assert answer.unable == said.get("unable", "")


def test_the_witness_answers_nothing_else(guard):
    tester, witness, asked = guard.phone(), guard.phone(PEOPLE[1]), guard.ask(LUX)
    prompt = tester.prompt["id"]
    assert "asked" not in witness.get("/state").json()["prompt"]
    assert witness.post("/answer", {"prompt": prompt, "value": "1"}).status_code == 403
    assert asked.waits


def test_a_mark_is_given_on_the_phone_of_its_person_alone(guard):
    guard.operator.measuring(0, 1, Text("主观评价", "opinion"), "CAM-1")
    mark = ChoiceQuestion("CAM-1.assessor1.grade", "评分", (("5", "好"), ("1", "差")), by="王五")
    tester, asked = guard.phone(), guard.ask(mark)
    assert tester.prompt["mine"]  # he has no phone: the tester's is handed round
    own = guard.phone(PEOPLE[2])
    assert "CAM-1" not in str(own.get("/state").json())  # given blind
    assert "asked" not in tester.get("/state").json()["prompt"]
    assert tester.post("/answer", {"prompt": own.prompt["id"], "value": "1"}).status_code == 403
    assert own.answer(value="5").status_code == 200
    assert (asked.result().value, asked.result().person) == ("5", "王五")


# -- photographs, devices with odd names --------------------------------------------------------------------


def picture(value: int = 90, ending: str = ".jpg") -> bytes:
    pixels = np.random.default_rng(value).integers(0, 255, (480, 640, 3), np.uint8)
    return cv2.imencode(ending, pixels)[1].tobytes()


def upload(phone: Phone, content: bytes) -> Any:
    return phone.client.post(f"/photo/{phone.prompt['id']}", content=content)


def test_a_photograph_of_the_phone_answers_and_is_kept_as_sent(guard):
    phone, asked = guard.phone(), guard.ask(PHOTO)
    sent = picture()
    assert upload(phone, sent).status_code == 200
    assert Path(str(asked.result().value)).read_bytes() == sent


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", picture()[:400], b"%PDF-1.7 %%EOF"],
    ids=["none", "svg", "cut", "pdf"],
)
def test_what_is_no_picture_is_refused(guard, content):
    phone, asked = guard.phone(), guard.ask(PHOTO)
    assert upload(phone, content).status_code == 422
    assert not list(guard.counter.photos.glob("*.part"))
    assert asked.waits


def test_a_file_that_is_too_large_is_refused_while_it_comes(guard, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_PHOTO", 10_000)
    phone, asked = guard.phone(), guard.ask(PHOTO)
    assert upload(phone, picture()).status_code == 413
    assert not list(guard.counter.photos.iterdir())
    assert asked.waits


def test_an_answer_that_is_too_long_or_no_object_is_refused(guard):
    phone, asked = guard.phone(), guard.ask(READY)
    prompt = phone.prompt["id"]
    assert phone.client.post("/answer", content=b"[" * 70_000).status_code == 413
    for body in (b"", b"[]", b"[" * 5_000, b"\xff"):
        assert phone.client.post("/answer", content=body).status_code == 422
    for value in (True, 1, None, ["yes"], "x" * 5000, "yes\x00", "\x1b[2J"):
        assert phone.post("/answer", {"prompt": prompt, "value": value}).status_code == 422
    assert asked.waits


def located(way: int, ending: str = "jpeg") -> bytes:
    """A photograph with a place, a comment and more behind its end, as phones make them."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = way, "PHONE-MAKER"
    exif.get_ifd(0x8825)[2] = (40.0, 50.0, 31.0)
    made = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "PHONE-MAKER")
    more = {"pnginfo": text} if ending == "png" else {"comment": b"PHONE-MAKER", "progressive": True}
    Image.open(io.BytesIO(picture())).save(made, ending, exif=exif, **more)
    return made.getvalue() + b"PHONE-MAKER behind the end"


@pytest.mark.parametrize(("way", "ending"), [(1, "jpeg"), (6, "jpeg"), (1, "png")])
def test_place_and_device_are_taken_out_and_the_pixels_stay(counter, site, way, ending):
    guard = Guard(counter, replace(site, operator={"photo_metadata": "strip"}))
    sent, asked = located(way, ending), guard.ask(PHOTO)
    assert upload(guard.phone(), sent).status_code == 200
    kept = Path(str(asked.result().value))
    content = kept.read_bytes()
    assert b"PHONE-MAKER" in sent
    assert b"PHONE-MAKER" not in content
    assert not Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    assert Image.open(io.BytesIO(content)).getexif().get(0x0112, 1) == way
    assert shown_digest(content) == shown_digest(sent)
    assert kept.stem == hashlib.sha256(content).hexdigest()
    guard.operator.close()


@pytest.mark.parametrize("cut", [5, 300, 20_000])
def test_a_cut_picture_is_not_kept_with_its_place(counter, site, cut):
    guard = Guard(counter, replace(site, operator={"photo_metadata": "strip"}))
    asked = guard.ask(PHOTO)
    assert upload(guard.phone(), located(1)[:cut]).status_code == 422
    assert not list(guard.counter.photos.iterdir())
    assert asked.waits
    guard.operator.close()


def test_a_photograph_of_another_question_is_asked_for_again(guard):
    phone, first = guard.phone(), guard.ask(PHOTO)
    upload(phone, picture())
    first.result()
    second = guard.ask(replace(PHOTO, key="CAM-2.photo"))
    assert upload(phone, picture()).status_code == 200
    for _ in range(200):
        if (shown := phone.prompt)["refused"]:
            break
    assert "CAM-1.photo" in shown["refused"]["zh"]
    assert upload(phone, picture(91)).status_code == 200
    assert second.result().key == "CAM-2.photo"


def test_only_a_picture_of_the_question_is_shown(guard, tmp_path):
    shown, secret = tmp_path / "view.png", tmp_path / "secret.txt"
    shown.write_bytes(picture(ending=".png"))
    secret.write_text("password")
    phone = guard.phone()
    guard.ask(replace(READY, show=(shown, secret)))
    prompt = phone.prompt
    assert prompt["show"] == ["view.png", "secret.txt"]
    assert phone.get(f"/picture/{prompt['id']}/0").headers["content-type"] == "image/png"
    assert phone.get(f"/picture/{prompt['id']}/1").status_code == 415
    assert phone.get(f"/picture/{prompt['id']}/2").status_code == 404


def test_the_device_of_a_question_is_named_as_it_is_written(counter, site):
    odd = "<img src=x onerror=alert(1)>"
    device = replace(site.devices["CAM-1"], name=odd, location="大堂")
    guard = Guard(counter, replace(site, devices={**site.devices, "CAM-1": device}))
    guard.ask(LUX)
    assert guard.phone().prompt["device"] == {"id": "CAM-1", "name": odd, "place": "大堂"}
    guard.operator.close()


def test_the_terminal_says_once_how_to_open_the_console(guard):
    phone = guard.phone()
    for _ in range(2):
        asked = guard.ask(TextQuestion("CAM-1.note", "备注"))
        phone.answer(value="好")
        asked.result()
    assert len(guard.said) == 1
    assert "yanshou console" in guard.said[0]
    assert guard.said[0].endswith("run")


def test_without_encryption_no_person_is_named(guard):
    desk = Desk(guard.counter, guard.access, exposed=True)
    asked = guard.ask(LUX)
    guard.phone().answer(value="1")
    asked.result()
    guard.counter.pause("张三", "2026-11-29T08:00:00Z")
    view = desk.view(PEOPLE[0])
    assert view["exposed"]
    assert not [one for one in PEOPLE if one.name in str({**view, "doing": ""})]
