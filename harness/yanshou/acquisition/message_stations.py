# SPDX-License-Identifier: Apache-2.0
"""The stations of the acquisition process for devices with messages, as operations of its parent."""

from __future__ import annotations

from yanshou.acquisition.child_process import Message
from yanshou.acquisition.followed_point import Cell
from yanshou.acquisition.message_station import MessageStation
from yanshou.acquisition.records import Matches
from yanshou.acquisition.serving import Operations
from yanshou.acquisition.timeline import WaitQuestion
from yanshou.model import Instant
from yanshou.protocols.bus import Bus
from yanshou.protocols.speech import MessageQuestion, Secrets, Speech


class MessageStations:
    """One station for each device that sends messages."""

    def __init__(self) -> None:
        self._stations: dict[str, MessageStation] = {}
        self.operations: Operations = {
            "message_open": self._converse,
            "message_follow": self._follow,
            "message_values": self._values,
            "message_all": self._all,
            "message_wait": self._wait,
            "message_polls": self._polls,
            "message_ask": self._ask,
            "message_say": self._say,
        }

    def hurry(self) -> None:
        """Poll closely wherever somebody looks, because a stimulus is about to be given."""
        for station in self._stations.values():
            station.hurry()

    async def close(self) -> None:
        """End all connections."""
        for station in self._stations.values():
            await station.close()

    async def _converse(self, message: Message) -> None:
        bus = Bus(**message["bus"])
        if bus.key not in self._stations:
            speech, secrets = Speech.of(message["speech"]), Secrets(*message["secrets"])
            self._stations[bus.key] = MessageStation(bus, speech, secrets)

    def _station(self, message: Message) -> MessageStation:
        return self._stations[message["bus"]]

    async def _follow(self, message: Message) -> None:
        await self._station(message).follow(_cells(message))

    async def _values(self, message: Message) -> object:
        values, tx, rx = await self._station(message).values(_cells(message))
        return [values, [tx, rx]]

    async def _all(self, message: Message) -> object:
        return list((await self._station(message).all_of(message["role"])).items())

    async def _wait(self, message: Message) -> object:
        since = Instant(*message["since"])
        question = WaitQuestion.of(0, Matches.of(**message["matches"]), since, message["within"])
        (cell,) = _cells(message)
        event = await self._station(message).wait(cell, question)
        return None if event is None else event.as_pair()

    async def _polls(self, message: Message) -> object:
        (cell,) = _cells(message)
        return list(self._station(message).polls(cell, Instant(*message["since"])))

    async def _ask(self, message: Message) -> object:
        question = MessageQuestion(message["request"], message["expect"])
        answer = await self._station(message).ask(question, message["number"])
        return [answer.tx, answer.rx, answer.text]

    async def _say(self, message: Message) -> object:
        ask = MessageQuestion(message["send"], message["expect"])
        self.hurry()
        station = self._station(message)
        answer = await station.say(message["name"], ask, message["refused"], message["number"])
        return [answer.tx, answer.rx]


def _cells(message: Message) -> list[Cell]:
    return [(str(role), int(number)) for role, number in message["cells"]]
