# SPDX-License-Identifier: Apache-2.0
"""The closed vocabulary of defects that can be planted in the alarm and access side of the emulated site.

The kinds of the video side are in ``yanshou.emulation.video.FAULT_KINDS``; :func:`all_kinds` joins both.
"""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.emulation.gb28181.class_a_kinds import CLASS_A_KINDS
from yanshou.emulation.gb28181.kinds import GB_KINDS
from yanshou.emulation.kind import Kind, Value
from yanshou.model import DeviceKind

_ZONE = frozenset({DeviceKind.ZONE, DeviceKind.PANEL})
_DOOR = frozenset({DeviceKind.DOOR, DeviceKind.DOOR_CONTROLLER})
_CONTROLLER = frozenset({DeviceKind.DOOR_CONTROLLER})
_SUBSCRIBED_TO = frozenset({DeviceKind.DOOR_CONTROLLER, DeviceKind.PLATFORM})
_PANEL = frozenset({DeviceKind.PANEL})
_SUPPLY = frozenset({DeviceKind.PANEL, DeviceKind.POWER_SUPPLY})
_ON_BUS = frozenset({DeviceKind.PANEL, DeviceKind.DOOR_CONTROLLER, DeviceKind.RELAY_BOARD})
_FIELD_CLOCK = frozenset({DeviceKind.PANEL, DeviceKind.DOOR_CONTROLLER})
_CLOCK = _FIELD_CLOCK | {DeviceKind.CAMERA, DeviceKind.RECORDER}
_VIDEO = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER})
_CAMERA = frozenset({DeviceKind.CAMERA})
_LINKAGE = frozenset({DeviceKind.LINKAGE})
_PLATFORM = frozenset({DeviceKind.PLATFORM})
_GATE = frozenset({DeviceKind.GATE})
_TIME = frozenset({DeviceKind.TIME_SERVER, DeviceKind.PLATFORM})
_LINK = frozenset({DeviceKind.ALARM_LINK})
_REPORTED = _ZONE | _LINK

KINDS: Mapping[str, Kind] = {
    "alarm_delay": Kind("the alarm is shown value seconds after the loop opened", _ZONE, Value.SPAN),
    "miss_every": Kind("each value-th opening of the loop gives no alarm", _ZONE, Value.COUNT),
    "hold_up_unsettable": Kind("the hold-up zone answers only while its partition is set", _ZONE),
    "hold_up_not_latching": Kind("the hold-up alarm clears when the button is released", _ZONE),
    "self_reset": Kind("the alarm clears by itself after value seconds", _ZONE, Value.NUMBER),
    "answers_when_unset": Kind("a normal zone alarms although its partition is unset", _ZONE),
    "alarm_lost_on_restore": Kind("the alarm clears as soon as the loop closes", _ZONE),
    "wrong_zone_shown": Kind(
        "the alarm is shown at the zone with the number value", _ZONE, Value.COUNT, beside=True
    ),
    "also_shows": Kind(
        "what the zone shows is shown at zone number value, too", _ZONE, Value.COUNT, beside=True
    ),
    "shows_all": Kind("what the zone shows is shown at every zone of the panel", _ZONE, beside=True),
    "also_partition": Kind("its alarm is shown for the partition value, too", _ZONE, Value.COUNT),
    "alarm_delay_first": Kind("only the first alarm is shown value seconds late", _ZONE, Value.NUMBER),
    "alarm_delay_nth": Kind("only each value-th alarm is shown late, after 3 s", _ZONE, Value.COUNT),
    "alarm_stray_nth": Kind(
        "only each value-th alarm is shown late, after 8 s, closed and reset meanwhile or not",
        _ZONE,
        Value.COUNT,
    ),
    "tamper_dead_armed": Kind("an open tamper loop is not shown while set", _ZONE),
    "tamper_dead_unset": Kind("an open tamper loop is not shown while unset", _ZONE),
    "tamper_first_alarm": Kind("an open cover is shown as an alarm for a moment, then as tamper", _ZONE),
    "fault_follows": Kind("0.2 s after its alarm a fault of the zone is shown, too", _ZONE),
    "tamper_shown_as_alarm": Kind("an open cover is shown as an alarm of the zone", _ZONE),
    "line_short_silent": Kind("a short signal line is not shown", _ZONE),
    "eol_tolerance": Kind("the end-of-line resistance may be off by the share value", _ZONE, Value.NUMBER),
    "supply_cut_silent": Kind("a cut detector supply is not shown", _ZONE),
    "entry_delay": Kind("the entry zone alarms value seconds after it was opened", _ZONE, Value.NUMBER),
    "burst_loses": Kind("of zones opened within 0.1 s only the first value are shown", _PANEL, Value.COUNT),
    "alarm_overwrites": Kind("an alarm takes the place of every other that is shown", _PANEL),
    "burst_disorder": Kind("zones opened within 0.1 s are shown in reversed order", _PANEL),
    "later_zones_slow": Kind(
        "after the first of a burst a zone is shown value seconds later", _ZONE, Value.NUMBER
    ),
    "signal_late": Kind("the open contact is shown after value seconds", _ZONE, Value.NUMBER),
    "class_confused": Kind('a class is shown as another, value "hold_up>alarm" say', _PANEL, Value.ANY),
    "lid_tamper_dead": Kind("an opened lid of the panel is not shown", _PANEL),
    "mains_fault_silent": Kind("loss of mains is not shown", _PANEL),
    "battery_fault_silent": Kind("loss of the battery is not shown", _PANEL),
    "trouble_as_alarm": Kind(
        "a trouble of the panel is shown as the alarm of zone number value, too", _PANEL, Value.COUNT
    ),
    "battery_low_silent": Kind("a low battery is not shown", _PANEL),
    "power_fault_unlatched": Kind("a trouble of the panel is shown only while it lasts", _PANEL),
    "buzzer_dead": Kind("troubles of the panel are not heard", _PANEL),
    "buzzer_beeps": Kind(
        "the buzzer beeps every value seconds, whatever happens, and for no trouble", _PANEL, Value.NUMBER
    ),
    "battery_exhausted": Kind("the battery carries the panel for value seconds", _PANEL, Value.NUMBER),
    "forgets_set_state": Kind("the panel is unset after a loss of all power", _PANEL),
    "switchover_resets": Kind("the panel is unset when the mains fails", _SUPPLY),
    "substitution_silent": Kind("an exchanged bus device is not noticed", _PANEL),
    "substitution_delay": Kind("an exchanged bus device is shown after value seconds", _PANEL, Value.NUMBER),
    "siren_resound": Kind("the siren pauses value seconds before it sounds again", _PANEL, Value.NUMBER),
    "sets_while_active": Kind("the panel sets with an open zone or an operated hold-up", _PANEL),
    "sets_with_fault": Kind("the panel sets with a tamper or a fault", _PANEL),
    "sets_while_masked": Kind("the panel sets with a masked detector", _PANEL),
    "sets_with_reduced_range": Kind("the panel sets with a detector of reduced range", _PANEL),
    "debounce": Kind("openings shorter than value milliseconds are ignored", _ZONE, Value.NUMBER),
    "notifies_after": Kind("the centre is informed value seconds after the alarm", _PANEL, Value.NUMBER),
    "rights_too_wide": Kind("every user may do everything", _PANEL),
    "refusal_unlogged": Kind("what a user may not do is refused and not logged", _PANEL),
    "function_dead": Kind("the function value works for no user", _PANEL, Value.ANY),
    "duress_silent": Kind("what is done under duress is not reported to the centre", _PANEL | _DOOR),
    "log_erasable": Kind("users who may can erase the log", _PANEL),
    "log_days": Kind("the log reaches back value days", _PANEL, Value.NUMBER),
    "log_doubles": Kind("the log keeps value records, each event twice", _PANEL, Value.COUNT),
    "log_capacity": Kind("the log keeps value events", _PANEL, Value.COUNT),
    "log_erases_older": Kind("users who may can erase the older half of the log", _PANEL),
    "log_hollow": Kind(
        "only the newest value records can be read, though the log says to hold more", _PANEL, Value.COUNT
    ),
    "log_dated_back": Kind(
        "the log reaches back 60 days, and every record is dated value days too early", _PANEL, Value.NUMBER
    ),
    "log_without_setting": Kind("setting and unsetting are not recorded", _PANEL),
    "log_lost_without_power": Kind("the log is gone after a loss of all power", _PANEL),
    "siren_dead": Kind("the siren output stays off", _PANEL),
    "siren_silent_nth": Kind("the siren stays off at each value-th alarm of the zone", _ZONE, Value.COUNT),
    "arm_refused": Kind("the panel acknowledges the arm command and stays unset", _PANEL),
    "sets_itself": Kind(
        "a partition that is unset sets itself after value seconds, loops open or not", _PANEL, Value.NUMBER
    ),
    "sets_other": Kind(
        "partition value is set and unset along with each partition that is", _PANEL, Value.COUNT
    ),
    "unsets_itself": Kind("a partition that is set unsets itself after value seconds", _PANEL, Value.NUMBER),
    "supply_current": Kind(
        "the quiescent current is value amperes", _PANEL | {DeviceKind.INSTRUMENT}, Value.NUMBER
    ),
    "clock_offset": Kind(
        "the device's clock is value seconds ahead (behind if negative)", _CLOCK, Value.NUMBER
    ),
    "lock_delay": Kind("the lock coil energises value seconds after the credential", _DOOR, Value.SPAN),
    "lock_dead": Kind("the lock coil never energises", _DOOR),
    "grants_unauthorised": Kind(
        "an unauthorised credential opens the lock, each value-th when given", _DOOR, Value.COUNT_OR_NONE
    ),
    "lock_late_nth": Kind("only each value-th release lasts 4 s longer", _DOOR, Value.COUNT),
    "never_relocks": Kind("a lock that was released stays released", _DOOR),
    "opens_other_door": Kind("a credential opens the door value, too", _DOOR, Value.DEVICE),
    "hold_opens_other": Kind("the command to hold it open opens the door value, too", _DOOR, Value.DEVICE),
    "exit_opens_other": Kind("its emergency button opens the door value, too", _DOOR, Value.DEVICE),
    "release_shakes_zone": Kind(
        "each release of the lock sets off the detector of the zone value", _DOOR, Value.DEVICE
    ),
    "lock_open_time": Kind("the lock stays released for value seconds", _DOOR, Value.NUMBER),
    "held_silent": Kind("a door held open is not shown", _DOOR),
    "held_early": Kind("a door is shown as held open value seconds after it opens", _DOOR, Value.NUMBER),
    "held_beside": Kind("a door held open is shown at every door of the controller", _DOOR, beside=True),
    "reader_tamper_opens": Kind("an opened housing of the reader releases the lock of its door", _DOOR),
    "reader_tamper_silent": Kind("an opened housing of the reader is not shown", _DOOR),
    "reader_fault_silent": Kind("a reader that does not answer is not shown", _DOOR),
    "reader_fault_as_tamper": Kind("a reader that does not answer is shown as opened", _DOOR),
    "fire_ignored": Kind("the fire signal does not release the lock", _DOOR),
    "fire_release_short": Kind("the lock closes again while the fire signal lasts", _DOOR),
    "exit_dead": Kind("the emergency button at the door releases nothing", _DOOR),
    "opens_on_link_change": Kind(  # the link is that of all doors: it opens while another one is tested, too
        "each value-th change of the link releases the lock", _DOOR, Value.COUNT, beside=True
    ),
    "dead_offline": Kind("without its link the controller decides nothing", _DOOR),
    "osdp_plain": Kind("the controller asks OSDP readers without a secure channel", _DOOR),
    "osdp_default_key": Kind("the controller secures OSDP with the published default key", _DOOR),
    "osdp_wrong_key": Kind("the controller has another key than the OSDP reader", _DOOR),
    "osdp_rekeys": Kind("the controller gives an OSDP reader with the default key a new one, unasked", _DOOR),
    "open_offline": Kind("without its link the controller grants every credential", _DOOR),
    "command_delay": Kind("a command of the centre releases the lock after value seconds", _DOOR, Value.SPAN),
    "command_ignored": Kind("a command of the centre releases nothing", _DOOR),
    "approval_delay": Kind("the lock is released value seconds after the approval", _DOOR, Value.SPAN),
    "approval_ignored": Kind("an approval releases nothing", _DOOR),
    "opens_unapproved": Kind("a credential that needs approval opens without it", _DOOR),
    "hold_open_ignored": Kind("the command to hold the door open does nothing", _DOOR),
    "close_delay": Kind(
        "a door that was held open is locked value seconds after the command", _DOOR, Value.SPAN
    ),
    "block_ignored": Kind("the command to block the door does nothing", _DOOR),
    "duress_refused": Kind("a duress credential does not open", _DOOR),
    "passback_ignored": Kind("who is inside may enter again", _DOOR),
    "passback_unrecorded": Kind("a second entry is refused and not recorded", _DOOR),
    "payment_opens": Kind("a card with payment rights alone opens", _DOOR),
    "contact_debounce": Kind("the contact counts when it stays for value seconds", _DOOR, Value.NUMBER),
    "alarm_without_sound": Kind("an alarm of the door makes no sound", _DOOR),
    "alarm_without_light": Kind("an alarm of the door makes no light", _DOOR),
    "lock_no_backup": Kind("without mains the lock is released at once", _DOOR),
    "backup_operations": Kind(
        "without mains the lock stays released after value operations", _DOOR, Value.COUNT
    ),
    "link_loss_silent": Kind("a lost link to the controller is not shown at the centre", _CONTROLLER),
    "reboots_on_fire": Kind(
        "the fire signal makes the controller begin anew, in value seconds", _CONTROLLER, Value.NUMBER
    ),
    "record_buffer": Kind("without its link the controller keeps value events", _CONTROLLER, Value.COUNT),
    "record_doubled": Kind("each value-th event that was kept arrives twice", _CONTROLLER, Value.COUNT),
    "record_disorder": Kind("events that were kept arrive the last first", _CONTROLLER),
    "record_stamped_late": Kind("events that were kept bear the time of their arrival", _CONTROLLER),
    "record_delay": Kind("a record reaches the centre after value seconds", _CONTROLLER, Value.SPAN),
    "record_wrong_door": Kind("an event is recorded under another door", _CONTROLLER),
    "record_beside": Kind("an event is recorded under another door, too", _CONTROLLER),
    "record_no_user": Kind("a record does not name the credential", _CONTROLLER),
    "record_wrong_user": Kind("a record names another credential", _CONTROLLER),
    "events_silent": Kind(
        "its event subscriptions answer on and deliver nothing more after value messages",
        _SUBSCRIBED_TO,
        Value.COUNT,
    ),
    "events_forgotten": Kind(
        "an event subscription is forgotten value seconds after it was made", _SUBSCRIBED_TO, Value.NUMBER
    ),
    "record_as_granted": Kind("a refused credential is recorded as granted", _CONTROLLER),
    "record_missing": Kind("a refused credential is not recorded", _CONTROLLER),
    "record_time_off": Kind("a record is dated value seconds ahead", _CONTROLLER, Value.NUMBER),
    "forced_door_silent": Kind("a door opened by force is not shown", _DOOR),
    "forced_always": Kind("a door opened by a credential is shown as forced, too", _DOOR),
    "forced_door_beside": Kind(
        "a door opened by force is shown at every door of the controller", _DOOR, beside=True
    ),
    "forced_door_delay": Kind("a door opened by force is shown after value seconds", _DOOR, Value.SPAN),
    "wrong_credential_always": Kind("a credential with a right is shown as a wrong one, too", _DOOR),
    "wrong_credential_limit": Kind(
        "the alarm comes at the value-th wrong credential in a row", _DOOR, Value.COUNT
    ),
    "gate_silent": Kind("the gate lets the test object pass without alarm", _GATE),
    "gate_alarms_alone": Kind("the gate alarms every value seconds with nobody in it", _GATE, Value.NUMBER),
    "gate_delay": Kind("the gate alarms value seconds after the object", _GATE, Value.SPAN),
    "linkage_dead": Kind("the event has no effect at the target", _LINKAGE),
    "linkage_misses": Kind("each value-th event has no effect at the target", _LINKAGE, Value.COUNT),
    "linkage_at_setting": Kind("the effect comes as the panel is set, and not with the event", _LINKAGE),
    "linkage_twice": Kind(
        "the effect ends after value seconds and begins again while the event lasts", _LINKAGE, Value.NUMBER
    ),
    "linkage_wrong_camera": Kind(
        "the effect is at device value instead of the target", _LINKAGE, Value.DEVICE
    ),
    "linkage_also_camera": Kind(
        "the effect is at device value, too, half a second after the designed one",
        _LINKAGE,
        Value.DEVICE,
    ),
    "linkage_screen_dead": Kind("the alarm brings no picture to the monitor", _LINKAGE),
    "linkage_screen_delay": Kind(
        "the alarm brings its picture to the monitor after value seconds", _LINKAGE, Value.SPAN
    ),
    "linkage_delay": Kind("the effect begins value seconds after the event", _LINKAGE, Value.SPAN),
    "platform_silent": Kind("the platform reports nothing", _PLATFORM),
    "platform_event_late": Kind("its events come value seconds late", _PLATFORM, Value.SPAN),
    "platform_event_twice": Kind("each event is reported as two", _PLATFORM),
    "platform_wrong_device": Kind("each event is reported as one of device value", _PLATFORM, Value.DEVICE),
    "dies_with_platform": Kind(
        "does nothing while a platform is stopped",
        frozenset({DeviceKind.PANEL, DeviceKind.DOOR_CONTROLLER}),
    ),
    "dies_with_video": Kind("alarms nothing while a video host is stopped", frozenset({DeviceKind.PANEL})),
    "platform_command_dead": Kind("a command of the centre is accepted and not carried out", _PLATFORM),
    "platform_command_delay": Kind("a command is carried out after value seconds", _PLATFORM, Value.SPAN),
    "platform_command_wrong_device": Kind(
        "a command is carried out at device value", _PLATFORM, Value.DEVICE
    ),
    "plate_misread": Kind("the plate is read as value", _PLATFORM, Value.ANY),
    "plate_always": Kind(
        "the wanted plate is reported every value seconds, in view or not", _PLATFORM, Value.NUMBER
    ),
    "plate_delay": Kind("the wanted plate is reported after value seconds", _PLATFORM, Value.SPAN),
    "screen_delay": Kind(
        "a change in view is shown on the centre's monitor after value seconds", _CAMERA, Value.SPAN
    ),
    "terminal_delay": Kind(
        "a change in view is shown on the user's terminal after value seconds", _CAMERA, Value.SPAN
    ),
    "panel_silent": Kind("stops answering, after value requests when given", _ON_BUS, Value.COUNT_OR_NONE),
    "panel_refuses": Kind("its port is closed", _ON_BUS),
    "panel_late": Kind("answers value seconds late, each every-th request when given", _ON_BUS, Value.NUMBER),
    "panel_garbage": Kind("answers with random bytes, each every-th request when given", _ON_BUS),
    "relay_dies": Kind(
        "stops answering after value writes, its coils as they are",
        frozenset({DeviceKind.RELAY_BOARD}),
        Value.COUNT,
    ),
    "contact_delay": Kind(
        "its relays' contacts move value seconds after their coils",
        frozenset({DeviceKind.RELAY_BOARD}),
        Value.SPAN,
    ),
    "relay_dead": Kind(
        "the contact of relay value (from 0) does not move",
        frozenset({DeviceKind.RELAY_BOARD}),
        Value.CHANNEL,
    ),
    "loop_wired_to": Kind(
        "its loop is really wired to the relay value", frozenset({DeviceKind.ZONE}), Value.TERMINAL
    ),
    "dc09_late": Kind("events are sent to the centre value seconds late", _REPORTED, Value.SPAN, beside=True),
    "dc09_misses": Kind("each value-th alarm is not sent to the centre", _REPORTED, Value.COUNT),
    "dc09_zone": Kind(
        "events of the zone are sent with the zone number value", _ZONE, Value.COUNT, beside=True
    ),
    "dc09_code": Kind("alarms of the zone are sent with the Contact ID code value", _ZONE, Value.COUNT),
    "dc09_as_well": Kind(
        "alarms of the zone are sent with the Contact ID code value as well", _ZONE, Value.COUNT
    ),
    "dc09_restores_early": Kind("the restoral is sent with the alarm, and once more in its time", _ZONE),
    "dc09_partition": Kind("events of the zone are sent for partition value", _ZONE, Value.COUNT),
    "dc09_repeats_other": Kind("a message that is sent again names the next zone", _LINK, beside=True),
    "dc09_also": Kind(
        "each alarm of the zone is sent for zone number value, too", _ZONE, Value.COUNT, beside=True
    ),
    "dc09_qualifier": Kind("restorals are sent as new events", _REPORTED),
    "dc09_sends_twice": Kind("each message is sent twice, whatever the answer", _LINK),
    "dc09_no_repeat": Kind("a message that is not acknowledged is not sent again", _LINK),
    "dc09_clock": Kind("time stamps are value seconds ahead until a NAK sets them", _LINK, Value.NUMBER),
    "dc09_keeps_clock": Kind("time stamps are value seconds ahead, whatever a NAK says", _LINK, Value.NUMBER),
    "dc09_plain": Kind("messages are sent in clear though a key was agreed", _LINK),
    "dc09_stops_polling": Kind("no link test is sent any more after value of them", _LINK, Value.COUNT),
    "path_loss_unreported": Kind(
        "the loss of path value (of either, when left out) is not reported", _LINK, Value.COUNT_OR_NONE
    ),
    "path_fault_stands": Kind(
        "path value is reported as failed from the start, and never again", _LINK, Value.COUNT
    ),
    "path_fault_again": Kind(
        "each path is reported as failed and restored every value seconds", _LINK, Value.NUMBER
    ),
    "comm_fault_stuck": Kind("the panel shows a failed way to the centre, always", _PANEL | _LINK),
    "comm_fault_flickers": Kind(
        "the panel shows a failed way to the centre half of each value seconds", _PANEL | _LINK, Value.NUMBER
    ),
    "comm_fault_hidden": Kind("a failed way to the centre is not shown at the panel", _PANEL | _LINK),
    "receiver_accepts_old": Kind(
        "the receiver acknowledges stamps up to value seconds old", _LINK, Value.NUMBER
    ),
    "receiver_accepts_ahead": Kind(
        "the receiver acknowledges stamps up to value seconds ahead", _LINK, Value.NUMBER
    ),
    "receiver_nak_bare": Kind("the receiver's NAK carries no time", _LINK),
    "receiver_acks_bad_crc": Kind("the receiver acknowledges a line with a wrong CRC", _LINK),
    "receiver_acks_another": Kind("the receiver acknowledges the number of the message before", _LINK),
    "receiver_acks_in_clear": Kind("the receiver acknowledges encrypted messages in clear", _LINK),
    "receiver_never_duh": Kind("the receiver acknowledges what it does not know", _LINK),
    "ntp_offset": Kind("the time it serves is value seconds ahead", _TIME, Value.NUMBER),
    "clock_drift": Kind("the device's clock gains value seconds a day", _TIME | _FIELD_CLOCK, Value.NUMBER),
    "ntp_silent": Kind("the time server does not answer", _TIME),
}


def all_kinds() -> dict[str, Kind]:
    """Every kind: those above, those of GB/T 28181 and those of the video side."""
    from yanshou.emulation.video import FAULT_KINDS  # noqa: PLC0415 - its codecs take a while to load

    video = {kind: Kind(does, _VIDEO, Value.ANY) for kind, does in FAULT_KINDS.items() if kind not in KINDS}
    return {**KINDS, **GB_KINDS, **CLASS_A_KINDS, **video}
