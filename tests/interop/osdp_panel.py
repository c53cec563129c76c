# SPDX-License-Identifier: Apache-2.0
"""A control panel for OSDP that nobody here wrote: the package ``osdp`` 1.6.

Run with its folder first on PYTHONPATH, because libosdp installs a package of the same name:
``python osdp_panel.py PORT ADDRESS [MASTER-KEY]`` waits on the loopback for the line's device server, asks
the reader, prints what it reports (``card 0100…``, ``keys 12\\r``), and ends with its standard input. With a
master key it secures the reader with the default key first, then sets a key of its own.
"""

import socket
import sys

from osdp import ControlPanel, OsdpConnection


class Loopback(OsdpConnection):
    """One partner on a port of this machine."""

    baud_rate = 115200

    def __init__(self, port):
        self.server = socket.create_server(("127.0.0.1", port))
        self.partner = None

    @property
    def is_open(self):
        return self.partner is not None

    def open(self):
        self.partner, _ = self.server.accept()
        self.partner.settimeout(1.0)

    def close(self):
        if self.partner is not None:
            self.partner.close()
            self.partner = None

    def write(self, data):
        self.partner.sendall(data)

    def read(self, size=1):
        try:
            return self.partner.recv(size)
        except TimeoutError:
            return b""


class Panel(ControlPanel):
    """Prints what readers report."""

    def on_raw_card_data_reply_received(self, _address, card):
        bits = "".join(f"{byte:08b}" for byte in card.data)[: card.bit_count]
        print("card", bits, flush=True)

    def on_keypad_data_reply_received(self, _address, keys):
        print("keys", repr(bytes(keys.data).decode()), flush=True)


def main():
    port, address, *key = sys.argv[1:]
    panel = Panel(master_key=bytes.fromhex(key[0]) if key else None)
    line = panel.start_connection(Loopback(int(port)))
    panel.add_device(line, int(address), use_crc=True, use_secure_channel=bool(key))
    print("ready", flush=True)
    sys.stdin.read()
    panel.shutdown()


main()
