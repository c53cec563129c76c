# SPDX-License-Identifier: Apache-2.0
"""The words of sites and devices: one source for site file, inventory, catalogue and its schemas."""
