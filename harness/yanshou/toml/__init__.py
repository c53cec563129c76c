# SPDX-License-Identifier: Apache-2.0
"""The one reader of TOML files that a person wrote: every mistake at once, each with its line."""

from yanshou.toml.table import Table, is_number, near, root, shown
from yanshou.toml.text import TomlText, parse_toml, read_toml

__all__ = ["Table", "TomlText", "is_number", "near", "parse_toml", "read_toml", "root", "shown"]
