# SPDX-License-Identifier: Apache-2.0
"""Two phones, two people, a reload, a killed console: no answer is lost, doubled or somebody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from tests.support import guard_room
from tests.support.guard_room import HOST, LUX, PEOPLE, READY, RELEASE, Asked, Guard, Phone
from yanshou.console.backend import ConsoleOperator
from yanshou.console.counter import Counter, Given
from yanshou.console.desk import Desk
from yanshou.console.roles import TESTER, WITNESS
from yanshou.console.web import Web
from yanshou.model import RigFault, Text, utc_now
from yanshou.operator import (
    ChoiceQuestion,
)

counter, guard, site = guard_room.counter, guard_room.guard, guard_room.site


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


class TakenMeanwhile(Counter):
    """The run takes an answer of somebody else just before this console looks for one."""

    asked: Asked
    times = 0  # it looks before that

    def taken(self, prompt: str, role: str) -> Given | None:
        self.times -= 1
        if self.times == 0:
            self.give(TESTER, Given(prompt, "张三", utc_now(), "1"))
            self.asked.result()
        return super().taken(prompt, role)


@pytest.mark.parametrize("does", ["answers", "looks"])
def test_what_the_run_takes_at_this_moment_is_neither_asked_nor_answered_again(guard, does):
    phone, asked = guard.phone(PEOPLE[2]), guard.ask(LUX)
    prompt = phone.prompt["id"]
    guard.desk.counter = meanwhile = TakenMeanwhile(guard.counter.folder.with_name("run"))
    assert meanwhile.folder == guard.counter.folder
    meanwhile.asked, meanwhile.times = asked, 2 if does == "answers" else 1
    if does == "answers":
        late = phone.post("/answer", {"prompt": prompt, "value": "999"})
        assert (late.status_code, late.json()) == (409, {"why": "answered", "person": "张三"})
    else:
        assert phone.get("/state").json()["prompt"] is None
    assert asked.result().value == 1


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
    last = killed.ask(READY)
    prompt = phone.prompt["id"]
    killed.operator.close()
    assert isinstance(last.end(), RigFault)  # else its thread, which a kill would have ended, goes on writing
    counter.give(TESTER, counter_answer(prompt))
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
    held.end()
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
