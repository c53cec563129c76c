# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.acquisition.centre``.

Started by the run, exchanges JSON lines on its standard streams.
"""

from yanshou.acquisition.centre.child import main

if __name__ == "__main__":
    main()
