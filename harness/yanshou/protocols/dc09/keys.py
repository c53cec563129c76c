# SPDX-License-Identifier: Apache-2.0
"""The keys of encrypted messages (SIA DC-09: AES in CBC mode)."""

KEY_LENGTHS = (16, 24, 32)
"""Lengths of an AES key, in bytes."""
