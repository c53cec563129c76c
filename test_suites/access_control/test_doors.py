# SPDX-License-Identifier: Apache-2.0
"""出入口控制 — from the credential to the lock, forced doors, wrong credentials."""

from __future__ import annotations

from yanshou.fixtures.api import Door, DoorSignal, Record, measures

_MOST_TRIES = 6  # one more than the five the clause allows


@measures("credential_to_lock_time", repetitions=3, intrusive=("lock_release",), seconds=6)
def test_credential_to_lock_time(door: Door, record: Record) -> None:
    """An authorised credential is presented; timed until the lock's coil changes."""
    for _ in record.repetitions:
        presented = door.present_authorised()
        released = door.wait_released(since=presented)
        record.latency(presented, released)
        if released is not None:
            door.wait_locked(since=released)


@measures("forced_door_alarm")
def test_forced_door_alarm(door: Door, record: Record) -> None:
    """The door is opened without a credential: the controller shows it forced."""
    forced = door.force_open()
    shown = door.wait_for(DoorSignal.FORCED, since=forced)
    door.close()
    record.logical(conforms=shown is not None, because="" if shown else "强行开门未报警")


@measures("forced_door_alarm_time", repetitions=3)
def test_forced_door_alarm_time(door: Door, record: Record) -> None:
    """The door is opened without a credential; timed until the controller shows it forced."""
    for _ in record.repetitions:
        forced = door.force_open()
        record.latency(forced, door.wait_for(DoorSignal.FORCED, since=forced))
        door.bring_to_rest()


@measures("wrong_credentials_to_alarm", seconds=5)
def test_wrong_credentials_to_alarm(door: Door, record: Record) -> None:
    """An unauthorised credential is presented again and again; counted until the controller alarms."""
    for tries in range(1, _MOST_TRIES + 1):
        presented = door.present_unauthorised()
        if door.wait_for(DoorSignal.WRONG_CREDENTIAL, since=presented, within=0.8) is not None:
            record.number(tries)
            return
    record.number(0, at_least=_MOST_TRIES)
