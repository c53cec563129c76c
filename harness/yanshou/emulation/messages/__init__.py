# SPDX-License-Identifier: Apache-2.0
"""Emulated panels that are spoken with in messages: lines, INTEGRA frames, ISAPI."""
