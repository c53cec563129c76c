# SPDX-License-Identifier: Apache-2.0
"""A receiving process listens on TCP and UDP at one number, which the system may choose."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import pytest

from yanshou.acquisition.listening import AnsweringConnection, AnsweringDatagrams, Listening
from yanshou.model import RigFault


async def opened(port: int, taken: int) -> tuple[int, list[int]]:
    """The port at which it listens, and those tried; the first ``taken`` of them are taken on UDP."""
    loop, tried = asyncio.get_running_loop(), list[int]()
    endpoint: Any = loop.create_datagram_endpoint

    async def create(made: Any, *, local_addr: tuple[str, int]) -> Any:
        tried.append(local_addr[1])
        if len(tried) <= taken:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return await endpoint(made, local_addr=local_addr)

    loop.create_datagram_endpoint = create  # type: ignore[method-assign,assignment]
    listening = Listening[AnsweringConnection]()
    try:
        number = await listening.open(("127.0.0.1", port), AnsweringConnection, RigFault, AnsweringDatagrams)
        return number, tried
    finally:
        listening.close()


def test_a_chosen_port_that_is_taken_on_udp_is_chosen_anew():
    number, tried = asyncio.run(opened(0, 2))
    assert len(tried) == 3
    assert number == tried[-1]


def test_a_port_that_stays_taken_is_one_fault():
    with pytest.raises(RigFault, match="Address already in use"):
        asyncio.run(opened(0, 99))


def test_a_port_that_was_asked_for_is_asked_for_once():
    number, _ = asyncio.run(opened(0, 0))
    with pytest.raises(RigFault, match="Address already in use"):
        asyncio.run(opened(number, 1))
