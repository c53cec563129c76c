# SPDX-License-Identifier: Apache-2.0
"""Devices and sub-platforms that register at the bench by GB/T 28181."""
