# SPDX-License-Identifier: Apache-2.0
"""Capabilities, and the drivers that give them.  A test names a capability, never a wire."""
