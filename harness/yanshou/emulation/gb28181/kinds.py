# SPDX-License-Identifier: Apache-2.0
"""The defects and habits that can be planted in emulated devices of GB/T 28181."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.emulation.kind import Kind, Value
from yanshou.model import DeviceKind

_DEVICE = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER, DeviceKind.PLATFORM, DeviceKind.ALARM_LINK})
_MEDIA = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER, DeviceKind.PLATFORM})

HABITS: Mapping[str, str] = {
    "foreign_contact": "Via and Contact name an address that nobody can reach",
    "wrong_realm": "the digest is over a realm of its own",
    "address_in_uri": "requests go to code@address:port and not to code@domain",
    "gb2312_in_utf8": "the XML says UTF-8, the text is GB18030",
    "bare_ampersand": "a name with an unescaped & breaks the XML of the catalogue",
    "times_with_blank": "times are written with a blank and milliseconds",
    "no_description": "the 200 to INVITE has no SDP",
    "no_ssrc": "the SDP of the 200 has no y=",
    "ssrc_in_front": "y= stands before the media lines in the SDP of the 200",
    "wants_ssrc_last": "an offer whose last lines are not y= and f= is refused with 415",
    "wants_record_type": "RecordInfo without Type is not answered (Dahua)",
    "payload_type_100": "media carries payload type 100 although 96 was offered",
    "program_streams_only": "an offer of H.265 without a container is refused with 488",
    "map_crc": "the CRC of the program stream map is wrong (Tiandy, Dahua)",
    "no_map": "the program stream has no map",
    "no_answer": "no request of the platform is answered",
    "other_card": "media leaves by another network card (127.0.0.2) than SIP",
    "silent_status": "DeviceStatus is not answered",
    "other_sender": "MediaStatus is sent in the name of the channel",
    "slow_key": "the key of class A counts half a second after the 200 that brought it",
    "notify_as_message": "alarms come as MESSAGE although they were subscribed to",
}
"""Habits of devices in the field: word -> what it does. ``gb_habit`` takes one or several of them."""

GB_KINDS: Mapping[str, Kind] = {
    "gb_own_nonce": Kind("REGISTER is signed over a nonce of its own; a challenge is ignored", _DEVICE),
    "gb_takes_401": Kind("a 401 to REGISTER is taken for success", _DEVICE),
    "gb_version_missing": Kind("REGISTER names no version of the protocol", _DEVICE),
    "gb_expires": Kind("it registers for value seconds", _DEVICE, Value.COUNT),
    "gb_never_logs_out": Kind("it ends without REGISTER of Expires 0", _DEVICE),
    "gb_retry": Kind("a registration that failed is tried again after value seconds", _DEVICE, Value.NUMBER),
    "gb_keepalive": Kind("a keepalive comes every value seconds", _DEVICE, Value.NUMBER),
    "gb_stays_away": Kind("after three keepalives without answer it does not register again", _DEVICE),
    "gb_redirect_ignored": Kind("a 302 to REGISTER is not followed", _DEVICE),
    "gb_date_ignored": Kind(
        "the Date of the answer to REGISTER does not set its clock, value seconds ahead",
        _DEVICE,
        Value.NUMBER,
    ),
    "gb_length_short": Kind("Content-Length counts each CR LF as one byte", _DEVICE),
    "gb_mislabelled": Kind("the XML says GB2312, the text is UTF-8", _DEVICE),
    "gb_sum_too_large": Kind("SumNum of lists is value too large", _DEVICE, Value.COUNT),
    "gb_part_lost": Kind("the last part of a list is not sent", _DEVICE),
    "gb_part_twice": Kind("each part of a list is sent twice", _DEVICE),
    "gb_wrong_sn": Kind("answers carry the SN of the query before", _DEVICE),
    "gb_says_offline": Kind("the catalogue says that the channel is off although it plays", _MEDIA),
    "gb_says_online": Kind("INVITE of a channel that the catalogue says is on is refused with 480", _MEDIA),
    "gb_control_unanswered": Kind("DeviceControl that wants a Response gets none", _DEVICE),
    "gb_ptz_ignored": Kind("PTZ and preset commands are acknowledged and not carried out", _MEDIA),
    "gb_ptz_reversed": Kind("pan and tilt go the opposite way", _MEDIA),
    "gb_zoom_reversed": Kind("zoom goes the opposite way", _MEDIA),
    "gb_ptz_goes_on": Kind("a movement goes on after the stop command", _MEDIA),
    "gb_ptz_twitches": Kind(
        "a movement ends by itself after value widths of the picture", _MEDIA, Value.NUMBER
    ),
    "gb_preset_elsewhere": Kind(
        "a preset is called value widths of the picture too far to the right", _MEDIA, Value.NUMBER
    ),
    "gb_ptz_others_too": Kind("PTZ and preset commands move every camera behind the device", _MEDIA),
    "gb_ptz_other": Kind("PTZ and preset commands move another camera behind the device instead", _MEDIA),
    "gb_transport_stream": Kind("media is MPEG-TS of payload type 33 although PS was agreed", _MEDIA),
    "gb_foreign_ssrc": Kind("media carries an SSRC of its own", _MEDIA),
    "gb_stream_type": Kind(
        "the program stream map names the type of the other one of H.264 and H.265", _MEDIA
    ),
    "gb_profile": Kind("the parameter sets of H.265 say Main 10", _MEDIA),
    "gb_h265_type": Kind("H.265 without a container has the payload type value", _MEDIA, Value.COUNT),
    "gb_states_size": Kind(
        "f= and VideoParamAttribute state the number value as its size", _MEDIA, Value.COUNT
    ),
    "gb_stream_id": Kind("the video has the stream id value", _MEDIA, Value.COUNT),
    "gb_stamp_shared": Kind("two frames each have one RTP time stamp", _MEDIA),
    "gb_range_ignored": Kind("the Range of PLAY is ignored; the playback goes on where it is", _MEDIA),
    "gb_seek_off": Kind("a PLAY with Range goes value seconds too far", _MEDIA, Value.NUMBER),
    "gb_scale_ignored": Kind("the Scale of PLAY is ignored", _MEDIA),
    "gb_pause_ignored": Kind("PAUSE is acknowledged, and media is sent on", _MEDIA),
    "gb_other_hour": Kind("a playback shows what was recorded value seconds before", _MEDIA, Value.NUMBER),
    "gb_other_channel": Kind(
        "a playback or download shows what the camera value behind the device recorded", _MEDIA, Value.DEVICE
    ),
    "gb_loops": Kind(
        "from value to twice value seconds a playback shows its first value seconds again",
        _MEDIA,
        Value.NUMBER,
    ),
    "gb_no_media_status": Kind("the end of a playback is not told (MediaStatus 121)", _MEDIA),
    "gb_download_speed_ignored": Kind("a download comes at the speed of recording", _MEDIA),
    "gb_download_short": Kind("a download leaves out its last value seconds", _MEDIA, Value.NUMBER),
    "gb_download_keys_only": Kind("a download has its key frames alone", _MEDIA),
    "gb_bye_ignored": Kind("BYE is not answered, and media is sent on", _MEDIA),
    "gb_no_reconnect": Kind("a media connection that broke is not opened again", _MEDIA),
    "gb_reconnect": Kind(
        "a broken media connection is opened again after value seconds, less than one", _MEDIA, Value.NUMBER
    ),
    "gb_alarm_twice": Kind("each alarm is sent twice, as two alarms", _DEVICE),
    "gb_alarm_late": Kind("an alarm is sent value seconds late", _DEVICE, Value.SPAN),
    "gb_alarm_lost": Kind("each value-th alarm is not sent", _DEVICE, Value.COUNT),
    "gb_notify_missing": Kind("SUBSCRIBE is answered 200, and no NOTIFY is ever sent", _DEVICE),
    "gb_notify_of": Kind("a NOTIFY of the catalogue names the device value", _DEVICE, Value.DEVICE),
    "gb_subscription_kept": Kind("NOTIFY goes on after a subscription ran out or was ended", _DEVICE),
    "gb_refresh_ignored": Kind("the refresh of a subscription is answered 200 and changes nothing", _DEVICE),
    "gb_alarm_of": Kind("an alarm is sent in the name of the device value", _DEVICE, Value.DEVICE),
    "gb_habit": Kind(f"habits, divided by commas: {', '.join(HABITS)}", _DEVICE, Value.HABITS),
}
"""Kind of fault -> what it does. One of media holds for a camera, or for all cameras of a recorder."""
