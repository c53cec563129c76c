# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.acquisition.reception``: receives one live stream and passes it on, stamped.

It reads one order as a JSON line from standard input. For a call of GB/T 28181 another line follows with
what its signalling agreed. Any other line, or the end of the input, ends the session early. Nothing is
decoded here and the receiving thread waits for the sockets only: another thread writes to the pipe, so the
stamps are those of the packets however busy the run is.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
import threading
from collections.abc import Iterator
from functools import partial
from queue import SimpleQueue
from typing import Any, Final

from yanshou.acquisition.child_process import Message, messages, own_stdout, write_all
from yanshou.acquisition.host_counts import HostCounts, host_counts
from yanshou.acquisition.media import (
    COMPLETE,
    FRAME,
    HEAD,
    KEEP_ALL,
    KEEP_KEYS,
    KEY,
    PACKET,
    CallOrder,
    StreamOrder,
)
from yanshou.acquisition.priority import raise_priority
from yanshou.model import RigFault, now
from yanshou.model.lifetime import end_within
from yanshou.protocols.gb28181.media_offer import MediaWay
from yanshou.protocols.gb28181.media_session import AgreedMedia, PsSession
from yanshou.protocols.rtsp import AccessUnit, RtpPacket, RtspSession
from yanshou.protocols.rtsp.session import RtpReception
from yanshou.protocols.rtsp.track import Track

_BATCH: Final = 512  # packets
_BACKLOG: Final = 256 * 1024 * 1024
_SWITCH_S: Final = 0.0005
_SETTLE_S: Final = 0.05


class Writer:
    """Writes records to the pipe in its own thread; if too many are waiting, the session is given up."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._waiting = 0
        self.overrun = False
        self._thread = threading.Thread(target=self._write, name="records", daemon=True)
        self._thread.start()

    def record(self, kind: bytes, body: bytes) -> None:
        """Pass on one record."""
        if self._waiting > _BACKLOG:
            self.overrun = True
            return
        self._waiting += len(body)
        self._queue.put(HEAD.pack(kind, len(body)) + body)

    def json(self, **fields: Any) -> None:
        """Pass on one JSON record."""
        self.record(b"J", json.dumps(fields, separators=(",", ":")).encode())

    def close(self) -> None:
        """Write what is left."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        while (data := self._queue.get()) is not None:
            self._waiting -= len(data) - HEAD.size
            write_all(self._pipe, data)


class ReceptionProcess:
    """One session: opened, received to its end, and reported."""

    def __init__(self, order: StreamOrder, writer: Writer) -> None:
        self._order = order
        self._writer = writer
        self._batch = bytearray()
        self._kept = 0
        self._following = False
        self._first: float | None = None
        self._opened_at = float("inf")
        self._call: PsSession | None = None
        self.stopped = False
        self._before = HostCounts()

    def run(self) -> None:
        """Receive; any trouble is reported as a record."""
        try:
            if self._order.call is None:
                self._receive_rtsp()
            else:
                self._receive_call(self._order.call)
        except RigFault as fault:
            self._fault(fault)
        except Exception as error:  # noqa: BLE001 - the run must hear of it, or it would wait for ever
            self._fault(RigFault(f"the reception failed: {error!r}.", device=self._order.device))

    def _fault(self, fault: RigFault) -> None:
        self._writer.json(
            event="fault",
            what=fault.what,
            device=fault.device,
            remedy=fault.remedy,
            final=fault.final,
            status=getattr(fault, "status", None),
        )

    def agree(self, said: Message) -> None:
        """Take what the signalling of a call agreed, or that it came to nothing."""
        if self._call is not None:
            self._call.agree(AgreedMedia(**_agreed(said)) if said else None)

    def _receive_rtsp(self) -> None:
        order, asked = self._order, now()
        with RtspSession(
            order.uri,
            user=order.user,
            password=order.password,
            device=order.device,
            timeout_s=order.timeout_s,
            transport=order.transport,
            tls_verify=order.tls_verify,
            basic=order.basic,
        ) as session:
            track = session.setup()
            session.tap = self._packet
            self._before = host_counts()
            before = now()
            session.play()
            exchanges = [[one.method, one.status, one.sent, one.answered] for one in session.exchanges]
            self._opened(track, asked=asked, started=[before, now()], exchanges=exchanges)
            self._receive(session, track)

    def _receive_call(self, call: CallOrder) -> None:
        on_listening = partial(self._writer.json, event="listening")
        asked = now()
        with PsSession(
            call.host,
            MediaWay(call.way),
            ports=call.ports,
            refuse=call.refuse,
            device=self._order.device,
            patience_s=call.patience_s,
            on_open=lambda port: on_listening(port=port),
        ) as session:
            self._call = session
            self._before = host_counts()
            track = session.setup()
            session.tap = self._packet
            # the signalling knows better when it was asked and answered
            self._opened(track, asked=asked, started=[asked, now()], exchanges=[])
            self._receive(session, track)

    def _opened(self, track: Track, **times: Any) -> None:
        self._opened_at = now()
        self._writer.json(
            event="opened",
            **times,
            clock_rate=track.media.clock_rate,
            described=track.described,
            transport=track.transport,
            parameter_sets=[unit.hex() for unit in track.media.parameter_sets],
        )

    def _receive(self, session: RtpReception, track: Track) -> None:
        last, order = now(), self._order
        for unit in session.frames(self._until, idle_s=order.idle_s, first_s=order.first_s):
            if unit.arrival > self._until():
                break
            self._frame(unit)
            last = unit.arrival
        self._flush()
        self._tell(session, track, last)

    def _until(self) -> float:
        if self.stopped:
            return float("-inf")
        if self._first is None:  # packets that make no frame are no stream
            return self._opened_at + self._order.first_s
        return self._first + self._order.seconds

    def _packet(self, packet: RtpPacket) -> None:
        self._batch += PACKET.pack(
            packet.arrival,
            packet.timestamp,
            packet.ssrc,
            packet.sequence,
            min(len(packet.payload), 0xFFFF),
            packet.marker,
        )
        if len(self._batch) >= _BATCH * PACKET.size:
            self._flush()

    def _flush(self) -> None:
        if self._batch:
            self._writer.record(b"P", bytes(self._batch))
            self._batch.clear()

    def _frame(self, unit: AccessUnit) -> None:
        if self._first is None:
            self._first = unit.arrival
        flags = KEY * unit.key | COMPLETE * unit.complete
        head = FRAME.pack(unit.rtp_ticks, unit.began, unit.arrival, unit.size, unit.packets, flags)
        self._writer.record(b"F", head + (unit.data if self._keeps(unit) else b""))

    def _keeps(self, unit: AccessUnit) -> bool:
        """Whether a frame is kept: key frames, or all from the first on; limited in bytes."""
        self._following = self._following or unit.key
        wanted = {KEEP_KEYS: unit.key, KEEP_ALL: self._following}.get(self._order.keep, False)
        if not wanted or self._kept + unit.size > self._order.keep_bytes:
            return False
        self._kept += unit.size
        return True

    def _tell(self, session: RtpReception, track: Track, last: float) -> None:
        ended, until, order = now(), self._until(), self._order
        stopped = ""
        if self._first is None:
            silence = f"silence for {order.first_s:g} s"
            came = f"{track.sequencer.received} packets came in {order.first_s:g} s that make no picture"
            stopped = session.ended or (came if track.sequencer.received else silence)
        elif session.ended and ended < until - _SETTLE_S and not self.stopped:
            stopped = f"{session.ended}, {until - ended:.1f} s before the asked end"
        order_of = track.sequencer
        depacketiser = track.depacketiser
        assert depacketiser is not None
        self._writer.json(
            event="ended",
            codec=track.codec,
            last=last,
            at=ended,
            until=ended if self.stopped else min(ended, until),
            stopped=stopped,
            received=order_of.received,
            lost=order_of.lost,
            reordered=order_of.reordered,
            duplicates=order_of.duplicates,
            restarts=order_of.restarts,
            damaged=track.damaged,
            foreign=track.foreign,
            beside=track.beside,
            garbage=depacketiser.dropped,
            oversized=depacketiser.oversized,
            overrun=self._writer.overrun,
            late=session.late_s,
            dropped_here=self._before.full_buffers(session.dropped_here),
            missed_here=self._before.missed_since(),
            buffer_bytes=session.buffer_bytes,
            reports=[[one.utc, one.rtp_timestamp, one.packets, one.arrival] for one in track.reports],
            facts=self._call.facts() if self._call is not None else None,
        )


def _listen(reception: ReceptionProcess, orders: Iterator[Message]) -> None:
    """Hand on what a call agreed; stop when asked to, or when the run is gone."""
    for said in orders:
        if "agreed" not in said:
            break
        reception.agree(said["agreed"])
    else:
        reception.agree({})
    reception.stopped = True
    for _ in orders:
        pass
    end_within()  # the run is gone, or has all it asked for


def _agreed(said: Message) -> Message:
    connect = said["connect"]
    lists = {"hosts": tuple(said["hosts"]), "types": tuple(said["types"]), "h265": said["h265"]}
    return {**lists, "ssrc": said["ssrc"], "connect": (connect[0], connect[1]) if connect else None}


def main() -> None:
    """Serve one order."""
    # Ctrl-C is meant for the run, which ends this process by closing its input
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(_SWITCH_S)
    writer = Writer(own_stdout())
    orders = messages(sys.stdin.fileno())
    if (first := next(orders, None)) is None:
        return
    order = StreamOrder.of(first)
    writer.json(event="ready", note=raise_priority())
    reception = ReceptionProcess(order, writer)
    threading.Thread(target=_listen, args=(reception, orders), daemon=True).start()
    gc.freeze()
    gc.disable()
    try:
        reception.run()
    finally:
        writer.close()


if __name__ == "__main__":
    main()
