# SPDX-License-Identifier: Apache-2.0
"""Reads a program stream by GStreamer; prints as JSON the caps of each stream and its number of packets.

Run by the system's Python, which has the bindings: ``gst_ps_demux.py FILE``.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

Gst.init(None)
pipeline = Gst.parse_launch(f"filesrc location={sys.argv[1]} ! mpegpsdemux name=demux")
counts: dict[str, int] = {}


def added(_demux, pad):
    name = pad.get_current_caps().to_string().split(",")[0]
    counts[name] = 0
    sink = Gst.ElementFactory.make("fakesink")
    sink.set_property("signal-handoffs", True)
    sink.connect("handoff", lambda *_: counts.update({name: counts[name] + 1}))
    pipeline.add(sink)
    sink.sync_state_with_parent()
    pad.link(sink.get_static_pad("sink"))


pipeline.get_by_name("demux").connect("pad-added", added)
pipeline.set_state(Gst.State.PLAYING)
message = pipeline.get_bus().timed_pop_filtered(10 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
pipeline.set_state(Gst.State.NULL)
ended = "nothing" if message is None else message.type.first_value_nick
print(json.dumps({"ended": ended, "streams": counts}))
