# SPDX-License-Identifier: Apache-2.0
"""A run that asks, a console that serves it, and phones: all in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import Browser
from tests.support.patience import HUNG_S
from yanshou.console.access import Admission, Holder
from yanshou.console.backend import ConsoleOperator
from yanshou.console.counter import Counter
from yanshou.console.desk import Desk
from yanshou.console.roles import TESTER, WITNESS
from yanshou.console.web import Web
from yanshou.model import Site
from yanshou.operator import (
    Answer,
    ConfirmQuestion,
    NumberQuestion,
    PhotoQuestion,
    Question,
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
        until = time.monotonic() + HUNG_S
        while time.monotonic() < until:
            if (shown := self.get("/state").json()["prompt"]) and not shown["given"]:
                return dict(shown)
            time.sleep(0.02)
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

    def end(self) -> BaseException | None:
        """Wait until nobody asks any more; the error it ended with."""
        self._thread.join(HUNG_S)
        assert not self._thread.is_alive()
        return self.error

    def result(self) -> Answer:
        self.end()
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
        self.desk = Desk(self.counter, self.access)
        self.web = Web(self.desk, HOST, secure=True)

    def phone(self, holder: Holder = PEOPLE[0]) -> Phone:
        return Phone(self.web).enter(self.access.token(holder))

    def ask(self, question: Question) -> Asked:
        return Asked(lambda: self.operator.ask(question))


@pytest.fixture
def guard(counter: Counter, site: Site) -> Iterator[Guard]:
    made = Guard(counter, site)
    yield made
    made.operator.close()
