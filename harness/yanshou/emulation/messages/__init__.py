# SPDX-License-Identifier: Apache-2.0
"""Emulated panels that exchange messages: lines, INTEGRA frames, ISAPI."""
