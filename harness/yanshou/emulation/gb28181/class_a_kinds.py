# SPDX-License-Identifier: Apache-2.0
"""The defects of class A (GB 35114) that can be planted in emulated devices with a certificate."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.emulation.kind import Kind, Value
from yanshou.model import DeviceKind

_DEVICE = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER, DeviceKind.PLATFORM, DeviceKind.ALARM_LINK})

CLASS_A_KINDS: Mapping[str, Kind] = {
    "gm_plain_digest": Kind("it registers by its password, without its certificate", _DEVICE),
    "gm_other_key": Kind("sign1 is made with another key than that of its certificate", _DEVICE),
    "gm_signs_less": Kind("sign1 is not over random1", _DEVICE),
    "gm_wrong_server": Kind("serverid, in the header and in sign1, is another platform's", _DEVICE),
    "gm_own_random": Kind("sign1 is over a random1 of its own", _DEVICE),
    "gm_old_random": Kind("each registration after the first answers the random1 of the first", _DEVICE),
    "gm_same_random2": Kind("random2 is the same in all registrations", _DEVICE),
    "gm_decoded_randoms": Kind("sign1 is over the decoded randoms, not over their Base64", _DEVICE),
    "gm_foreign_certificate": Kind("it sends and uses a certificate of another issuer", _DEVICE),
    "gm_certificate_of_another": Kind("the certificate it sends names another device", _DEVICE),
    "gm_broken_certificate": Kind("the certificate it sends cannot be read", _DEVICE),
    "gm_unsigned": Kind("no request carries a digest", _DEVICE),
    "gm_answers_unsigned": Kind("answers to queries carry no digest; keepalives do", _DEVICE),
    "gm_other_body": Kind("the digest is over another body than the one that is sent", _DEVICE),
    "gm_no_method": Kind("the digest leaves the method out", _DEVICE),
    "gm_note_md5": Kind("the digest says that it is MD5", _DEVICE),
    "gm_no_date": Kind("requests carry a digest and no Date", _DEVICE),
    "gm_date_off": Kind("Date is value seconds ahead", _DEVICE, Value.NUMBER),
}
"""Kind of fault -> what it does."""
