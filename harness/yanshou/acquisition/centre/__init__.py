# SPDX-License-Identifier: Apache-2.0
"""The bench's receiving centre for DC-09, in its own process so that a busy test delays no stamp."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily

if TYPE_CHECKING:
    from yanshou.acquisition.centre.centre import Centre, ReceivedMessage, ReceivedPost
    from yanshou.acquisition.centre.rules import Account, CentreAnswer
else:
    __getattr__ = lazily(
        __name__,
        {
            "yanshou.acquisition.centre.centre": (
                "Centre",
                "ReceivedMessage",
                "ReceivedPost",
            ),
            "yanshou.acquisition.centre.rules": (
                "Account",
                "CentreAnswer",
            ),
        },
    )

__all__ = ["Account", "Centre", "CentreAnswer", "ReceivedMessage", "ReceivedPost"]
