# SPDX-License-Identifier: Apache-2.0
"""The emulated side of SIA DC-09: a panel's communicator and a client's receiver, with their own codec."""

from yanshou.emulation.dc09.communicator import Communicator
from yanshou.emulation.dc09.receiver import ClientReceiver

__all__ = ["ClientReceiver", "Communicator"]
