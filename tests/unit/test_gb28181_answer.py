# SPDX-License-Identifier: Apache-2.0
"""What stands in the answer to an INVITE of GB/T 28181, written as devices write it, rightly and oddly."""

from __future__ import annotations

from typing import Any

import pytest

from yanshou.protocols.gb28181.media_offer import read_answer

HEAD = "v=0|o=3402 0 0 IN IP4 10.0.0.1|s=Play|c=IN IP4 10.0.0.1|t=0 0|"
VIDEO = "m=video 6000 RTP/AVP 96|a=sendonly|a=rtpmap:96 PS/90000|"
AUDIO = "m=audio 7000 RTP/AVP 8|a=rtpmap:8 PCMA/8000|"
REFUSED = "m=video 0 RTP/AVP 97|a=rtpmap:97 MPEG4/90000|"
Y = "y=0100000001|"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD + VIDEO + Y, {}),
        (HEAD + VIDEO + Y + "f=|", {"format": ""}),
        (HEAD + VIDEO + "y=0000000123|", {"ssrc": 123}),
        (HEAD + VIDEO, {"ssrc": None}),
        (HEAD + VIDEO + "y=|", {"ssrc": None}),
        (HEAD + VIDEO + "y=00000000123|", {"ssrc": None}),
        (HEAD + VIDEO + "y=4294967296|", {"ssrc": None}),
        (HEAD + Y + VIDEO, {}),
        (HEAD + VIDEO + AUDIO + Y, {}),  # it stands last, whatever medium is above it
        (HEAD + AUDIO + "y=0100000009|" + VIDEO + Y, {}),
        (HEAD + VIDEO + Y + AUDIO + "y=0100000009|", {}),
        (HEAD + VIDEO + "a=setup:passive|" + AUDIO + "a=setup:active|" + Y, {"setup": "passive"}),
        (HEAD + "a=setup:active|" + VIDEO + Y, {"setup": "active"}),
        (HEAD + REFUSED + VIDEO + Y, {}),  # port 0: this medium is refused (RFC 3264 6)
        (HEAD + VIDEO + Y + REFUSED, {}),
        (HEAD + REFUSED + Y, {"port": 0, "program_streams": ()}),
        (HEAD + AUDIO + Y, {"port": None, "program_streams": ()}),
        (HEAD + VIDEO.replace("6000", "6000/1") + Y, {}),
        (HEAD + VIDEO.replace("6000", "60000000") + Y, {"port": None, "program_streams": ()}),
        (HEAD + VIDEO + "c=IN IP4 10.0.0.2|" + Y, {"host": "10.0.0.2"}),
        (HEAD.replace("c=IN IP4 10.0.0.1|", "") + VIDEO + Y + AUDIO + "c=IN IP4 10.9.9.9|", {"host": ""}),
        (HEAD + VIDEO + "a=downloadspeed:4|" + AUDIO + "a=downloadspeed:1|" + Y, {"speed": 4}),
        (HEAD + VIDEO + AUDIO + "a=downloadspeed:2|a=filesize:77|" + Y, {"speed": 2, "size": 77}),
    ],
)
def test_the_video_of_an_answer_is_read_from_its_own_lines(text: str, found: dict[str, Any]) -> None:
    usual = {"host": "10.0.0.1", "port": 6000, "program_streams": (96,), "ssrc": 100000001, "setup": ""}
    for end in ("\r\n", "\n"):
        answer = read_answer(text.replace("|", end).encode())
        due = usual | found
        assert {name: getattr(answer, name) for name in due} == due
        assert bool(answer.flaws) is (due["ssrc"] is None or due["port"] is None)
