# SPDX-License-Identifier: Apache-2.0
"""``python -m yanshou.acquisition.sip_platform``.

Started by the run, exchanges JSON lines on its standard streams.
"""

from yanshou.acquisition.sip_platform.child import main

if __name__ == "__main__":
    main()
