# SPDX-License-Identifier: Apache-2.0
"""现场查验 — cables, barriers, patrols and the frames of a link: seen by a person, with a picture."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Phase, ReaderLineFacts, ReaderLineWitness, Record, measures
from yanshou.model import Device


@measures("lock_cable_protected", operator=True)
def test_lock_cable_protected(device: Device, ask: Ask, record: Record) -> None:
    """The cable of the lock outside the protected area is looked at along its whole way, and photographed."""
    wrong = [] if ask.yes("lock_cable.closed", door=device.name) else ["受控区外线缆未封闭"]
    wrong += ["受控区外有可触及的接头或接线端子"] if ask.yes("lock_cable.joint", door=device.name) else []
    ask.photo("lock_cable.photo", door=device.name)
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures("barrier_anti_smash_and_manual", operator=True)
def test_barrier_anti_smash_and_manual(device: Device, ask: Ask, record: Record) -> None:
    """The arm comes down on a foam body, and is opened by hand with its power off."""
    wrong = [] if ask.yes("barrier.stops", barrier=device.name) else ["落杆时触及泡沫体未停止或回升"]
    wrong += [] if ask.yes("barrier.by_hand", barrier=device.name) else ["断电后不能人工开启"]
    ask.photo("barrier.film", film=True, barrier=device.name)
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures("patrol_deviation_alarm", operator=True)
def test_patrol_deviation_alarm(ask: Ask, record: Record) -> None:
    """On a patrol one point is left out and another is reached late: each alarms at once."""
    wrong = [] if ask.yes("patrol.skipped") else ["漏巡未及时报警"]
    wrong += [] if ask.yes("patrol.late") else ["迟到未及时报警"]
    ask.text("patrol.plan")
    ask.photo("patrol.record", scan=True)
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures("link_frames_protected", operator=True, phase=Phase.TIMED)
def test_link_frames_protected(reader_lines: dict[str, ReaderLineWitness], ask: Ask, record: Record) -> None:
    """On a copy in the laboratory: a frame recorded before is sent again, and one is changed on its way.

    What the bench heard on the lines of the readers while other items presented credentials counts, too.
    """
    if not ask.yes("frames.copy"):
        record.cannot("录制与重放只在实验室的同型副本上进行")
    effects = {"replayed": "重放的报文有效", "altered": "改动的报文有效", "default_key": "仍用出厂默认密钥"}
    wrong = [label for key, label in effects.items() if ask.yes(f"frames.{key}")]
    ask.text("frames.reference")
    ask.photo("frames.record", scan=True)
    facts = {door: line.facts() for door, line in reader_lines.items()}
    heard = {
        door: answered for door, answered in facts.items() if answered.commands
    }  # of a silent line nothing is known
    wrong += [f"{door}：{one}" for door, answered in heard.items() for one in _open_to_all(answered)]
    record.logical(conforms=not wrong, n=len(effects) + len(heard), because="；".join(wrong))


def _open_to_all(heard: ReaderLineFacts) -> list[str]:
    """What anybody could read or change on the line of a reader."""
    found = ["凭证以明文上报"] if heard.plain_reports else []
    found += ["安全通道使用出厂默认密钥"] if heard.default_key_sessions or heard.default_key_reports else []
    return found + (["控制器自行以明文改换密钥"] if heard.rekeyed_in_clear else [])
