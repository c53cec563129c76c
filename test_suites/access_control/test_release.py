# SPDX-License-Identifier: Apache-2.0
"""出入口释放与联动 — open time, doors held open, fire signal, loss of the link to the centre."""

from __future__ import annotations

from yanshou.fixtures.api import Door, DoorSignal, Entrances, Record, measures
from yanshou.model import NotApplicable, now

_READER = "reader|reader_line"
_PASS = (_READER, "contact", "lock_coil")
_CYCLES = 20  # as the measurand is defined
_HELD_S = 15.0  # longer than a lock stays released for one passage
_RELEASED = "试验前门锁已处于释放状态"


@measures(
    "lock_release_time", wires=(_READER, "lock_coil"), repetitions=3, intrusive=("lock_release",), seconds=15
)
def test_lock_release_time(door: Door, record: Record) -> None:
    """An authorised credential is presented; timed from the release of the lock until it locks again."""
    if door.device.attributes.get("fixed_times") is False:
        raise NotApplicable("点位表注明该门的时间可以设定（fixed_times = false）")
    for _ in record.repetitions:
        released = door.wait_released(since=door.present_authorised())
        if released is None:
            record.cannot("有权凭证未释放门锁，释放时间无从计起")
        record.latency(released, door.wait_locked(since=released), within=door.locks_within)


@measures("door_held_alarm", wires=_PASS, intrusive=("lock_release",), seconds=20)
def test_door_held_alarm(door: Door, record: Record) -> None:
    """Somebody passes and leaves the door open: shown as held after the time that was set, not before it."""
    due = door.held_after
    if due is None:
        record.cannot("点位表未给出开门超时时间（held_after_s）")
    if door.wait_released(since=door.present_authorised()) is None:
        record.cannot("有权凭证未释放门锁，不能正常开门")
    others = door.others_without(DoorSignal.HELD)
    opened = door.open()
    held = door.wait_for(DoorSignal.HELD, since=opened, within=due + door.patience)
    beside = others.showing()
    earliest = due - min(record.criterion("held_early_s"), due / 2)
    wrong = ["开门超时未报警"] if held is None else []
    if held is not None and (after := (held - opened).most) < earliest:
        wrong.append(f"设定 {due:g} s，开门后 {after:.1f} s 内即报警")
    wrong += [f"同时显示其他门超时：{'、'.join(beside)}"] if beside else []
    record.logical(conforms=not wrong, because="；".join(wrong))


@measures(
    "fire_release_without_key", wires=("lock_coil",), intrusive=("fire_interface", "lock_release"), seconds=15
)
def test_fire_release_without_key(door: Door, record: Record) -> None:
    """The fire signal, as long as it lasts, and the emergency button at the door release the lock."""
    missing = [role for role in ("fire", "exit") if role not in door.circuits]
    if missing:
        record.cannot(f"检测台未接线 {'、'.join(missing)}")
    wrong: list[str] = []
    for role, label in (("fire", "消防信号"), ("exit", "紧急释放按钮")):
        if door.lock.is_active():
            record.cannot(_RELEASED)
        others = door.watch_others()
        released = door.wait_released(since=door.disturb(role))
        if released is None:
            wrong.append(f"{label}未释放门锁")
        elif role == "fire" and door.locked_again(since=released, within=_held(record)):
            wrong.append(f"{label}持续时门锁重新锁闭")
        if role == "exit":
            wrong += others.wrong()
        door.let_lock(since=door.restore(role))
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures(
    "fire_signal_releases_access", intrusive=("fire_interface", "lock_release"), wires=("fire",), seconds=15
)
def test_fire_signal_releases_access(entrances: Entrances, record: Record) -> None:
    """The fire signal comes: every lock of the controller is released and stays so while it lasts."""
    doors = entrances.doors
    if not doors or any(door.lock.is_active() for door in doors):
        record.cannot(_RELEASED if doors else "检测台未接入该控制器的任何门锁")
    since = doors[0].disturb("fire")
    released = [(door, door.wait_released(since=since)) for door in doors]
    end = now() + _held(record)
    closed = [
        door.device.id
        for door, seen in released
        if seen is not None and door.locked_again(since=seen, within=end - seen.latest)
    ]
    doors[0].restore("fire")
    silent = [door.device.id for door, seen in released if seen is None]
    wrong = [f"未释放：{'、'.join(silent)}"] if silent else []
    wrong += [f"信号持续时重新锁闭：{'、'.join(closed)}"] if closed else []
    record.logical(conforms=not wrong, n=len(doors), because="；".join(wrong))


@measures(
    "releases_on_link_change", wires=("lock_coil",), intrusive=("network_cut", "lock_release"), seconds=60
)
def test_releases_on_link_change(door: Door, record: Record) -> None:
    """The link to the centre is cut and restored twenty times: the lock is never released by it."""
    if "link" not in door.circuits:
        record.cannot("检测台未接线 link")
    if door.lock.is_active():
        record.cannot(_RELEASED)
    settles = record.criterion("settles_s")
    cycles = record.times("link_cycles", _CYCLES, "通信中断和恢复")
    releases, opened = 0, dict[str, None]()
    for _ in range(cycles):
        for change in (door.disturb, door.restore):
            beside = door.others_at_rest()
            changed = change("link")
            released = door.released_within(settles, since=changed)
            others = door.opened_too(beside, since=changed)
            record.seen_in_passing(f"通信中断或恢复时释放了 {one}" for one in others)
            releases += released is not None or bool(others)
            opened.update(dict.fromkeys([*([door.device.id] if released is not None else []), *others]))
            if released is not None:
                door.wait_locked(since=released)
    opened_at = f"{2 * cycles} 次通断中释放 {releases} 次：{'、'.join(opened)}"
    record.count(releases, 2 * cycles, because=opened_at if opened else "")


@measures(
    "controller_works_offline",
    wires=(_READER, "lock_coil"),
    intrusive=("network_cut", "lock_release"),
    seconds=20,
)
def test_controller_works_offline(door: Door, record: Record) -> None:
    """The link to the centre is cut: a good credential opens this door for once, a bad one opens nothing."""
    if "link" not in door.circuits:
        record.cannot("检测台未接线 link")
    if door.lock.is_active():
        record.cannot(_RELEASED)
    cut = door.disturb("link")
    alone = door.opened_since(cut, within=record.criterion("settles_s"))
    beside = door.others_at_rest()
    refused = door.present_unauthorised()
    let_in = door.opened_since(refused, within=record.criterion("opens_within_s"))
    others = door.opened_too(beside, since=refused)
    released = door.wait_released(since=door.present_authorised())
    locked = released is not None and door.wait_locked(since=released) is not None
    door.restore("link")
    wrong = ["通信中断即释放门锁"] if alone else []
    wrong += ["离线时无权凭证释放了门锁"] if let_in else []
    wrong += [f"离线时释放了其他门锁：{'、'.join(others)}"] if others else []
    wrong += ["离线时有权凭证未释放门锁"] if released is None else []
    wrong += ["离线释放后未再锁闭"] if released is not None and not locked else []
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


def _held(record: Record) -> float:
    return record.duration("fire_hold_s", _HELD_S, "消防信号持续时观察")
