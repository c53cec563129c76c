# SPDX-License-Identifier: Apache-2.0
"""The engine of a survey on many hosts: Dask distributed (optional extra ``yanshou[fleet]``).

A task is a batch of about two hundred devices, asked by the same threads as on one host.  A batch of a
network only some hosts reach goes to a worker that offers it (``dask worker … --resources "vlan:east=1"``).
Tasks carry where a password is kept, never the password: each worker looks it up on its own host.  A batch
whose worker died is asked again by another one.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final

from yanshou.fleet.result import Record, not_asked
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import BATCH, Subject, batches
from yanshou.fleet.threads import ask_all
from yanshou.model import RigFault, UsageError
from yanshou.protocols.address import NoAddress, read_address

NETWORK: Final = "vlan:"
"""The prefix of a network's name in the resources of a worker."""

_POLL_S: Final = 2.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM: the authority that signed all certificates of the cluster, our own, and its key."""

    ca: Path
    cert: Path
    key: Path


def ask_batch(batch: Sequence[Subject], settings: Settings, folder: str) -> list[Record]:
    """One task: ask the batch on this host; ``folder`` is where its secrets in files are."""
    _stop_profiling()
    results: list[Record] = []
    ask_all(batch, settings, Path(folder), results.append)
    return results


def _stop_profiling() -> None:
    """Stop this worker from taking statistics of its threads.

    It takes them with ``sys._current_frames``, which on CPython 3.11 waits for ever when memory is collected
    while threads begin or end (python/cpython#106883), and asking is done by threads.
    """
    worker = importlib.import_module("distributed").get_worker()
    profiling = worker.periodic_callbacks.get("profile")
    if profiling is not None and profiling.is_running():
        stopped = Event()
        worker.loop.add_callback(profiling.stop)
        worker.loop.add_callback(stopped.set)  # in the order they were given
        stopped.wait(_POLL_S)


def ask_all_on(
    scheduler: str,
    tls: Tls | None,
    subjects: Sequence[Subject],
    settings: Settings,
    folder: Path,
    done: Callable[[Record], None],
    *,
    size: int = BATCH,
    patience_s: float = 60.0,
    stall_s: float | None = None,
) -> None:
    """Ask every subject by the workers of ``scheduler``; each batch's results go to ``done`` as it ends.

    A batch that no worker takes within ``patience_s``, or that fails as a whole, gives results that say so.
    When no batch ends within ``stall_s`` (default: the time of a whole batch plus ``patience_s``), the rest
    is not asked, so that the survey can be continued later. Raises UsageError for an unsafe address or a
    missing extra, RigFault for a scheduler that does not answer.
    """
    client = _client(scheduler, tls)
    try:
        waiting = {
            client.submit(
                ask_batch,
                batch,
                settings,
                str(folder),
                pure=False,
                resources={f"{NETWORK}{vlan}": 1} if vlan else {},
            ): (vlan, batch)
            for vlan, batch in batches(subjects, size)
        }
        rounds = -(-size // settings.at_once)
        _gather(client, waiting, done, patience_s, stall_s or rounds * settings.device_s + patience_s)
    finally:
        client.close()


_Waiting = dict[Any, tuple[str, list[Subject]]]


def _gather(
    client: Any, waiting: _Waiting, done: Callable[[Record], None], patience_s: float, stall_s: float
) -> None:
    """Pass on the batches as they end; give up those that no worker can take, and all when none ends."""
    moved = time.monotonic()
    seen = dict.fromkeys({vlan for vlan, _ in waiting.values()}, moved)
    ended = Event()
    for future in waiting:
        future.add_done_callback(lambda _: ended.set())
    while waiting:
        if _handed_over(waiting, done):
            moved = time.monotonic()
        elif time.monotonic() - moved > stall_s:  # a worker that hangs but lives
            client.cancel(list(waiting))
            return
        seen |= dict.fromkeys(_offered(client) & seen.keys(), time.monotonic())
        _give_up(waiting, done, {vlan for vlan, at in seen.items() if time.monotonic() - at > patience_s})
        ended.wait(min(_POLL_S, stall_s) if waiting else 0)
        ended.clear()


def _handed_over(waiting: _Waiting, done: Callable[[Record], None]) -> bool:
    """Pass on every batch that ended; returns whether there was one."""
    finished = [future for future in waiting if future.done()]
    for future in finished:
        _, batch = waiting.pop(future)
        for result in _result(future, batch):
            done(result)
        future.release()
    return bool(finished)


def _give_up(waiting: _Waiting, done: Callable[[Record], None], networks: set[str]) -> None:
    """Report for every device in ``networks`` that no worker could ask it."""
    for future, (vlan, batch) in list(waiting.items()):
        if vlan in networks:
            del waiting[future]
            future.cancel()
            who = f"offers {NETWORK}{vlan}" if vlan else "is there"
            for subject in batch:
                done(not_asked(subject, f"no worker {who}"))


def _result(future: Any, batch: list[Subject]) -> list[Record]:
    try:
        results: list[Record] = future.result()
    except Exception as error:  # noqa: BLE001 - whatever a worker died of, the others go on
        return [not_asked(subject, f"its batch failed: {type(error).__name__}") for subject in batch]
    return results


def _offered(client: Any) -> set[str]:
    """The networks that the present workers offer; the empty name if there is any worker."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    networks = {name.removeprefix(NETWORK) for one in workers for name in one.get("resources", {})}
    return networks | ({""} if workers else set())


def _client(scheduler: str, tls: Tls | None) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--engine dask needs Dask.", "Install it: pip install 'yanshou[fleet]'.") from None
    try:
        address = read_address(scheduler)
    except NoAddress as error:
        raise UsageError(f"--scheduler {scheduler!r}: {error}", "Name tls://HOST:PORT.") from None
    if address.scheme != "tls" and address.host not in _LOOPBACK:
        raise UsageError(
            f"{scheduler} is not encrypted: whoever reaches it could run programs on every worker.",
            "Use tls:// with --tls-ca, --tls-cert and --tls-key.",
        )
    if (address.scheme == "tls") != (tls is not None):
        raise UsageError("tls:// and --tls-ca, --tls-cert, --tls-key go together.")
    security = None
    if tls is not None:
        security = distributed.Security(
            tls_ca_file=str(tls.ca),
            tls_client_cert=str(tls.cert),
            tls_client_key=str(tls.key),
            require_encryption=True,
        )
    try:
        return distributed.Client(scheduler, security=security, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RigFault(
            f"the scheduler {scheduler} does not answer: {error}.",
            remedy="Check that it runs, its address, and that all certificates are of one authority.",
        ) from None
