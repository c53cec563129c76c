# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181 that register at the bench: cameras, recorders, platforms, alarm hosts.

Written from the standard alone; nothing here is shared with the platform that is tested with it.
"""
