# SPDX-License-Identifier: Apache-2.0
"""Capabilities, and the drivers that implement them. A test names a capability, never a wire."""
