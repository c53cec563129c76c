# SPDX-License-Identifier: Apache-2.0
"""The emulated panel: its zones, setting, users, siren, log, supply and notices."""
