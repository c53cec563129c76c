# SPDX-License-Identifier: Apache-2.0
"""An ONVIF replay client that nobody here wrote: GStreamer's rtspsrc in ONVIF mode.

Run by Debian's python3: ``/usr/bin/python3 gst_replay_client.py URI USER PASSWORD START END [intra]`` with
Unix seconds.  Asks for [START, END) without rate control and prints JSON: ``frames``, of each the Unix time
and the flags (C E D T as one number of four bits) of the 0xABAC extension as GStreamer reads it, and
``units``, how many access units came out of its depayloader.  Exit 1, with the error, when it does not play.

rtspsrc leaves the header ``Require: onvif-replay`` to its application.  With ``is-live=false``, Debian's
GStreamer 1.22 crashes when the pad appears, so it plays as a live source here; its jitter buffer then drops
the first frame when it has no time of arrival for it yet.
Its parser ends the stream with the first packet of the frame that is marked as the last, so the frames are
noted by their first packets, as they come to it.

It ends by itself: rtspsrc may wait for ever when it is stopped, or go on without a picture, so the answer is
printed first and the process left without stopping it. After DEADLINE_S it says where it stands and ends.
"""

import faulthandler
import json
import os
import struct
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtp", "1.0")
gi.require_version("GstRtsp", "1.0")
from gi.repository import Gst, GstRtp, GstRtsp  # noqa: E402

NTP_EPOCH_S = 2_208_988_800
PROFILE = 0xABAC
WAIT_S = 20
DEADLINE_S = 120


def main():
    uri, user, password, start, end, *intra = sys.argv[1:]
    faulthandler.dump_traceback_later(DEADLINE_S, exit=True)
    until = time.monotonic() + DEADLINE_S / 2
    Gst.init(None)
    pipeline = Gst.parse_launch(
        f"rtspsrc name=source location={uri} user-id={user} user-pw={password} protocols=tcp latency=0"
        " onvif-mode=true onvif-rate-control=false ! rtponvifparse name=stamps ! rtph264depay"
        " ! video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=sink sync=false"
    )
    source, sink = pipeline.get_by_name("source"), pipeline.get_by_name("sink")
    source.connect("before-send", require)
    frames, units = [], 0
    parsed = pipeline.get_by_name("stamps").get_static_pad("sink")
    parsed.add_probe(Gst.PadProbeType.BUFFER, capture, frames)
    pipeline.set_state(Gst.State.READY)
    source.send_event(wish(int(start), int(end), intra))
    pipeline.set_state(Gst.State.PLAYING)
    while time.monotonic() < until and sink.emit("try-pull-sample", WAIT_S * Gst.SECOND) is not None:
        units += 1
    failed = pipeline.get_bus().pop_filtered(Gst.MessageType.ERROR)
    if failed is None:
        print(json.dumps({"frames": list(frames), "units": units}), flush=True)
    else:
        print(failed.parse_error(), file=sys.stderr, flush=True)
    os._exit(failed is not None)


def wish(start, end, intra):
    """The range as rtspsrc takes it: nanoseconds since 1900."""
    first, last = ((one + NTP_EPOCH_S) * Gst.SECOND for one in (start, end))
    flags = Gst.SeekFlags.FLUSH
    if intra:
        flags |= Gst.SeekFlags.TRICKMODE | Gst.SeekFlags.TRICKMODE_KEY_UNITS
    return Gst.Event.new_seek(1.0, Gst.Format.TIME, flags, Gst.SeekType.SET, first, Gst.SeekType.SET, last)


def require(_source, message):
    """Add the feature to what the server has to understand."""
    if message.parse_request()[1] in (GstRtsp.RTSPMethod.SETUP, GstRtsp.RTSPMethod.PLAY):
        message.add_header(GstRtsp.RTSPHeaderField.REQUIRE, "onvif-replay")
    return True


def capture(_pad, info, frames):
    """Note time and flags of the first packet of each frame."""
    mapped, packet = GstRtp.RTPBuffer.map(info.get_buffer(), Gst.MapFlags.READ)
    if mapped:
        held, profile = packet.get_extension_data()
        if profile == PROFILE:
            seconds, fraction, flags = struct.unpack_from("!IIB", held.get_data())
            frame = round(seconds + fraction / 2**32 - NTP_EPOCH_S, 4), flags >> 4
            if not frames or frames[-1][0] != frame[0]:
                frames.append(frame)
    packet.unmap()
    return Gst.PadProbeReturn.OK


if __name__ == "__main__":
    main()
