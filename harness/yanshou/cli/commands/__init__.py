# SPDX-License-Identifier: Apache-2.0
"""One module per command with ``run(options) -> exit code``; its options are in ``yanshou.cli.options``."""
