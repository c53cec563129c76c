# SPDX-License-Identifier: Apache-2.0
"""识读装置 — an opened housing and a cut line are shown, each as what it is and nowhere else."""

from __future__ import annotations

from yanshou.fixtures.api import DoorSignal, Reader, Record, measures

_SIGNALS = {DoorSignal.TAMPER: "防拆", DoorSignal.FAULT: "故障"}


@measures("reader_tamper_alarm", wires=("tamper",), seconds=5)
def test_reader_tamper_alarm(reader: Reader, record: Record) -> None:
    """The housing of the reader is opened: the controller shows it as opened."""
    _shown(reader, "tamper", DoorSignal.TAMPER, record)


@measures("reader_fault_alarm", wires=("line",), seconds=5)
def test_reader_fault_alarm(reader: Reader, record: Record) -> None:
    """The line to the reader is cut: the controller shows a fault of the reader."""
    _shown(reader, "line", DoorSignal.FAULT, record)


def _shown(reader: Reader, role: str, signal: DoorSignal, record: Record) -> None:
    """It is shown as what it is, at this door alone, and releases no lock."""
    other = DoorSignal.FAULT if signal is DoorSignal.TAMPER else DoorSignal.TAMPER
    label = _SIGNALS[signal]
    if reader.shows(signal):
        record.cannot(f"试验前已显示识读装置{label}")
    others, locks = reader.others_without(signal), reader.watch_locks()
    seen = reader.wait_for(signal, since=reader.disturb(role))
    confused = seen is None and reader.shows(other)
    beside = others.showing()
    opened = locks.released()
    reader.restore(role)
    wrong = [f"未显示识读装置{label}"] if seen is None else []
    wrong += [f"显示为{_SIGNALS[other]}"] if confused else []
    wrong += [f"同时显示于其他门：{'、'.join(beside)}"] if beside else []
    wrong += [f"释放了门锁：{'、'.join(opened)}"] if opened else []
    record.logical(conforms=not wrong, because="；".join(wrong))
