# SPDX-License-Identifier: Apache-2.0
"""An RTSP server that nobody here wrote (GStreamer's), sending pictures that carry the time of their making.

Run by Debian's python3, whose gi it needs: ``/usr/bin/python3 gst_rtsp_server.py PORT WIDTH HEIGHT ELEMENTS
[USER PASSWORD]`` with ELEMENTS from encoder to payloader, e.g. ``x264enc ! rtph264pay name=pay0``.  The upper
half of every picture is a code of 32 bars, lowest bit on the left: ``time.perf_counter`` in tenths of a
millisecond.
Prints ``ready`` and ends with its standard input.
"""

import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

FPS, BITS = 25, 32
DARK, BRIGHT = 30, 220


def coded_picture(width, height, number, code):
    """I420: the code as bars in the upper half, something that moves with ``number`` below."""
    bar = width // BITS
    row = b"".join(bytes([BRIGHT if code >> bit & 1 else DARK]) * bar for bit in range(BITS))
    row = row.ljust(width, bytes([DARK]))
    at = number * 8 % (width - 40)
    moving = bytes([100]) * at + bytes([200]) * 40 + bytes([100]) * (width - at - 40)
    half = height // 2
    return row * half + moving * half + bytes([128]) * (width * half)


class Factory(GstRtspServer.RTSPMediaFactory):
    """One pipeline for all clients; pictures are made in a thread of their own."""

    def __init__(self, width, height, elements):
        super().__init__()
        self.width, self.height = width, height
        self.set_launch(
            f"( appsrc name=source is-live=true format=time do-timestamp=true block=false"
            f" caps=video/x-raw,format=I420,width={width},height={height},framerate={FPS}/1 ! {elements} )"
        )
        self.set_shared(True)

    def do_configure(self, media):
        source = media.get_element().get_by_name_recurse_up("source")
        threading.Thread(target=self.feed, args=(source,), daemon=True).start()

    def picture(self, number):
        code = int(time.perf_counter() * 1e4) & (1 << BITS) - 1
        return coded_picture(self.width, self.height, number, code)

    def feed(self, source):
        begun, number = time.perf_counter(), 0
        while True:
            time.sleep(max(0.0, begun + number / FPS - time.perf_counter()))
            if source.emit("push-buffer", Gst.Buffer.new_wrapped(self.picture(number))) != Gst.FlowReturn.OK:
                return
            number += 1


def main():
    port, width, height, elements, *account = sys.argv[1:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer(service=port, address="127.0.0.1")
    factory = Factory(int(width), int(height), elements)
    if account:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "user")
        auth.add_digest(account[0], account[1], token)
        server.set_auth(auth)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("user", "media.factory.access", True)
        permissions.add_permission_for_role("user", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/stream", factory)
    serve(server)


def serve(server):
    """Serve until the end of standard input."""
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    main()
