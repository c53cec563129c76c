# SPDX-License-Identifier: Apache-2.0
"""The operator if nobody is named: devices are still measured, but no question is answered."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.model import utc_now
from yanshou.operator.questions import Answer, Question


@dataclass(frozen=True, slots=True)
class NamelessOperator:
    """Answers nothing and gives the reason: items that a person would have to sign stay untested."""

    why: str
    name: str = ""
    witness: str = ""
    language: str = "zh"

    def take_over(self, name: str, witness: str) -> None:
        """Nothing: nobody is asked who might say so."""

    def ask(self, question: Question) -> Answer:
        """Raises, since the question cannot be answered."""
        return Answer(question.key, None, "", utc_now(), unable=self.why)
