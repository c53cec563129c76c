# SPDX-License-Identifier: Apache-2.0
"""Reception against GStreamer's RTSP server: H.264 and H.265, several slices, digest, UDP and TCP.

The pictures carry the time they were made at, so that a frame is known to be whole, and how old it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.support.gstreamer import H264, HEIGHT, PAY264, SERVER, WIDTH, read_code, started
from yanshou.acquisition.media import KEEP_ALL, StreamOrder
from yanshou.acquisition.receiver import StreamReceiver
from yanshou.metrology.packets import loss
from yanshou.model import RigFault
from yanshou.protocols.rtsp.bitstream import slices
from yanshou.protocols.rtsp.decode import decode

SLICED = "x264enc key-int-max=10 bframes=0 tune=zerolatency threads=2 speed-preset=ultrafast"
H265 = "x265enc key-int-max=10 tune=zerolatency speed-preset=ultrafast option-string=pools=none:bframes=0"
FEWEST = 12  # frames, to say something of them
PAY265 = "rtph265pay name=pay0 pt=96"

pytestmark = pytest.mark.needs("gstreamer")


@contextlib.contextmanager
def served(elements: str, *account: str) -> Iterator[str]:
    """The address of a stream that is served."""
    with started(SERVER, str(WIDTH), str(HEIGHT), elements, *account) as port:
        yield f"rtsp://127.0.0.1:{port}/stream"


def received(uri: str, seconds: float = 2.4, **order: object) -> StreamReceiver:
    """A finished session with all its frames; a longer one where a busy machine coded few meanwhile."""
    for longer in (1, 4, 12):
        with StreamReceiver(StreamOrder(uri, seconds=longer * seconds, keep=KEEP_ALL, **order)) as receiver:
            receiver.open()
            receiver.finish()
        if len(receiver.frames) > FEWEST:
            break
    return receiver


def ages(receiver: StreamReceiver) -> list[float]:
    """Seconds from the making of each decoded picture to the arrival of its last packet."""
    units = [(index, frame) for index, frame in enumerate(receiver.frames) if frame.data]
    made = decode(receiver.ended["codec"], units)
    assert len(made) == len(units)
    codes = [read_code(picture.luma) for picture in made]
    assert None not in codes, "a picture is damaged"
    pairs = zip(made, codes, strict=True)
    return [receiver.frames[picture.index].arrival - code / 1e4 for picture, code in pairs]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    ("codec", "elements"),
    [("h264", f"{H264} ! {PAY264}"), ("hevc", f"{H265} ! {PAY265} config-interval=-1")],
)
def test_every_frame_is_whole_and_young(codec, elements, transport):
    with served(elements) as uri:
        receiver = received(uri, transport=transport)
    assert (receiver.ended["codec"], receiver.opened["transport"]) == (codec, transport)
    assert loss(receiver.packets["sequence"]).lost == 0
    assert all(frame.complete for frame in receiver.frames)
    found = ages(receiver)
    assert len(found) > 10
    assert min(found) > 0  # one clock: nothing is seen before it was made


def test_slices_with_parameter_sets_before_each_are_one_frame():
    """Readers that look for the start of the next frame break such a stream: the marker bit does not."""
    with served(f"{SLICED} ! {PAY264} config-interval=-1") as uri:
        receiver = received(uri)
    assert max(slices("h264", frame.data) for frame in receiver.frames) >= 2
    assert len(ages(receiver)) > 10


def test_digest_and_one_try_of_a_wrong_password():
    elements = f"{H264} ! {PAY264}"
    with served(elements, "user", "secret") as uri:
        assert len(received(uri, 0.5, user="user", password="secret").frames) > 5
        with pytest.raises(RigFault, match="user name or password refused") as refused:
            received(uri, 0.5, user="user", password="wrong")
    assert refused.value.final
    assert refused.value.status == 401
