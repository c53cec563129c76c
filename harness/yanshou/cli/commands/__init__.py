# SPDX-License-Identifier: Apache-2.0
"""One module per command with ``run(options) -> exit code``; its options stand in ``yanshou.cli.options``."""
