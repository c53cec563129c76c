# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.cli``: the command line where no script was installed."""

import sys

from yanshou.cli import main

sys.exit(main())
