# SPDX-License-Identifier: Apache-2.0
"""Nobody is named who tests: machines are measured all the same, and no question is answered."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.model import utc_now
from yanshou.operator.questions import Answer, Question


@dataclass(frozen=True, slots=True)
class NamelessOperator:
    """Answers nothing, with the reason: what a person would have to sign stays untested."""

    why: str
    name: str = ""
    witness: str = ""

    def ask(self, question: Question) -> Answer:
        """That it cannot be answered."""
        return Answer(question.key, None, "", utc_now(), unable=self.why)
