# SPDX-License-Identifier: Apache-2.0
"""An ONVIF replay server that nobody here wrote: GStreamer's RTSPOnvifServer with rtponviftimestamp.

Run by Debian's python3: ``/usr/bin/python3 gst_replay_server.py PORT WIDTH HEIGHT START SECONDS``.  It holds
one recording of SECONDS s from the Unix time START (whole), ten pictures and one key frame a second, at
``/recording``.  The upper half of every picture is a code of 32 bars: tenths of a millisecond since START.
Prints ``ready`` and ends with its standard input.

The server converts a clock range to nanoseconds since 1900 and seeks to them, so these are the stream times.
Ranges have to begin at a key frame: rtponviftimestamp refuses what lies before the segment.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer  # noqa: E402
from gst_rtsp_server import coded_picture, serve  # noqa: E402

FPS = 10
NTP_EPOCH_S = 2_208_988_800
ENCODER = f"x264enc key-int-max={FPS} bframes=0 threads=1 tune=zerolatency speed-preset=ultrafast"
CODED = "video/x-h264,stream-format=byte-stream,alignment=au"


def recorded(width, height, start, seconds):
    """The coded pictures: (nanoseconds since 1900, whether a key frame, bytes)."""
    raw = f"video/x-raw,format=I420,width={width},height={height},framerate={FPS}/1"
    made = Gst.parse_launch(
        f"appsrc name=source format=time caps={raw} ! {ENCODER} ! {CODED} ! appsink name=sink sync=false"
    )
    source, sink = made.get_by_name("source"), made.get_by_name("sink")
    made.set_state(Gst.State.PLAYING)
    for number in range(seconds * FPS):
        buffer = Gst.Buffer.new_wrapped(coded_picture(width, height, number, number * 10_000 // FPS))
        buffer.pts = number * Gst.SECOND // FPS
        source.emit("push-buffer", buffer)
    source.emit("end-of-stream")
    found, begin = [], (start + NTP_EPOCH_S) * Gst.SECOND
    while (sample := sink.emit("pull-sample")) is not None:
        unit = sample.get_buffer()
        key = not unit.has_flags(Gst.BufferFlags.DELTA_UNIT)
        at = begin + len(found) * Gst.SECOND // FPS  # the encoder shifts its time stamps
        found.append((at, key, unit.extract_dup(0, unit.get_size())))
    made.set_state(Gst.State.NULL)
    return found


class Source:
    """Feeds one client's pipeline from the recording, from wherever it seeks to."""

    def __init__(self, element, recording):
        self.recording, self.next, self.keys_only = recording, 0, False
        element.get_static_pad("src").add_probe(Gst.PadProbeType.EVENT_UPSTREAM, self.capture)
        element.connect("seek-data", self.seek)
        element.connect("need-data", self.feed)

    def capture(self, _pad, info):
        event = info.get_event()
        if event.type == Gst.EventType.SEEK:
            flags = event.parse_seek().flags
            self.keys_only = bool(flags & Gst.SeekFlags.TRICKMODE_KEY_UNITS)
        return Gst.PadProbeReturn.OK

    def seek(self, _element, at):
        before = [n for n, (when, key, _) in enumerate(self.recording) if key and when <= at]
        self.next = before[-1] if before else 0
        return True

    def feed(self, element, _wanted):
        while self.next < len(self.recording):
            when, key, data = self.recording[self.next]
            self.next += 1
            if key or not self.keys_only:
                buffer = Gst.Buffer.new_wrapped(data)
                buffer.pts = buffer.dts = when
                buffer.duration = Gst.SECOND // FPS
                element.emit("push-buffer", buffer)
                return
        element.emit("end-of-stream")


class Factory(GstRtspServer.RTSPOnvifMediaFactory):
    """One pipeline for each client: every replay is its own."""

    def __init__(self, recording):
        super().__init__()
        self.recording, self.sources = recording, []
        self.set_launch(
            f"( appsrc name=source format=time stream-type=seekable caps={CODED} ! h264parse"
            " ! rtph264pay name=pay config-interval=-1 pt=96"
            " ! rtponviftimestamp name=pay0 ntp-offset=0 set-e-bit=true set-t-bit=true )"
        )
        self.set_media_gtype(GstRtspServer.RTSPOnvifMedia.__gtype__)
        self.set_replay_support(True)

    def do_configure(self, media):
        element = media.get_element().get_by_name_recurse_up("source")
        element.set_property("duration", self.recording[-1][0] + Gst.SECOND // FPS)
        self.sources.append(Source(element, self.recording))


def main():
    port, width, height, start, seconds = map(int, sys.argv[1:])
    Gst.init(None)
    server = GstRtspServer.RTSPOnvifServer(service=str(port), address="127.0.0.1")
    factory = Factory(recorded(width, height, start, seconds))
    server.get_mount_points().add_factory("/recording", factory)
    serve(server)


if __name__ == "__main__":
    main()
