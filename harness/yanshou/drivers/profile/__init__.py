# SPDX-License-Identifier: Apache-2.0
"""Device profiles: which register, coil or message means what, read from TOML."""
