# SPDX-License-Identifier: Apache-2.0
"""Emulated devices on Modbus: the image of their registers, its PDUs, TCP and serial lines."""
