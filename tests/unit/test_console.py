# SPDX-License-Identifier: Apache-2.0
"""The console on a phone: what is asked and answered, and who may see and answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import guard_room
from tests.support.guard_room import HOST, LUX, PEOPLE, READY, Asked, Phone
from yanshou.console.desk import Desk
from yanshou.console.roles import TESTER
from yanshou.console.web import Web
from yanshou.operator import (
    Answer,
    ChoiceQuestion,
    NumberQuestion,
    WentBackError,
)

counter, guard, site = guard_room.counter, guard_room.guard, guard_room.site


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
    again.end()
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
    asked.end()
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
