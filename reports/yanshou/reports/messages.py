# SPDX-License-Identifier: Apache-2.0
"""Every sentence a report prints, in Chinese and English, once."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.model import Text, Verdict
from yanshou.reports.messages_field import (
    ACTIONS,
    ATTRIBUTE_VALUES,
    ATTRIBUTES,
    KINDS,
    SYSTEMS,
    population,
    sampling_rule,
)
from yanshou.reports.messages_figures import FIGURE_MESSAGES
from yanshou.reports.messages_issue import ISSUE_MESSAGES
from yanshou.reports.messages_pages import PAGE_MESSAGES, PARAGRAPHS
from yanshou.reports.messages_reasons import quoted_in, reason_in, said_in
from yanshou.reports.messages_rounds import ROUND_MESSAGES
from yanshou.reports.messages_terms import (
    COMPONENTS,
    DISTRIBUTIONS,
    LIMIT_STATUS,
    OUTCOMES,
    RULES,
    STATISTICS,
    STEPS,
    VERDICTS,
)

LANGUAGES = ("zh", "en")

MESSAGES = PAGE_MESSAGES | FIGURE_MESSAGES | ROUND_MESSAGES | ISSUE_MESSAGES


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages in one language."""

    language: str = "zh"

    def pick(self, text: Text) -> str:
        """Choose one of the two languages of a text."""
        return text.zh if self.language == "zh" else text.en

    def __call__(self, key: str, **fields: object) -> str:
        """Give a message by key, its braces filled."""
        text = self.pick(MESSAGES[key])
        return text.format(**fields) if fields else text

    def verdict(self, verdict: Verdict) -> str:
        """Name a verdict."""
        return self.pick(VERDICTS[verdict])

    def system(self, name: str) -> str:
        """Name a system."""
        return self.pick(SYSTEMS[name]) if name in SYSTEMS else name

    def kind(self, name: str) -> str:
        """Name a kind of device."""
        return self.pick(KINDS[name]) if name in KINDS else name

    def attribute(self, name: str) -> str:
        """Name an attribute of the site."""
        return self.pick(ATTRIBUTES[name]) if name in ATTRIBUTES else name

    def action(self, name: str) -> str:
        """Name an action that a person must confirm."""
        return self.pick(ACTIONS[name]) if name in ACTIONS else name

    def status(self, name: str) -> str:
        """Name the state of a limit."""
        return self.pick(LIMIT_STATUS[name]) if name in LIMIT_STATUS else name

    def statistic(self, name: str) -> str:
        """Name a statistic; empty for a single value."""
        return self.pick(STATISTICS[name]) if name in STATISTICS else ""

    def outcome(self, name: str) -> str:
        """Name how an attempt or a session ended."""
        return self.pick(OUTCOMES[name]) if name in OUTCOMES else name

    def step(self, name: str) -> str:
        """Name a kind of step."""
        return self.pick(STEPS[name]) if name in STEPS else name

    def rule(self, name: str) -> str:
        """Explain a decision rule."""
        return self.pick(RULES[name])

    def component(self, name: str) -> str:
        """Name a component of an uncertainty budget."""
        return self.pick(COMPONENTS[name]) if name in COMPONENTS else name

    def distribution(self, name: str) -> str:
        """Name a distribution."""
        return self.pick(DISTRIBUTIONS[name]) if name in DISTRIBUTIONS else name

    def paragraphs(self, key: str) -> list[str]:
        """Give the sentences of one block."""
        return [self.pick(text) for text in PARAGRAPHS[key]]

    def reason(self, text: str) -> str:
        """Put a journaled reason into the language of the report."""
        return reason_in(text, self.language)

    def said(self, text: str) -> str:
        """What a suite says of itself (a deviation, a method), in the language of the report."""
        return said_in(text, self.language)

    def quoted(self, text: str) -> str:
        """What a person wrote: never translated, and marked as quoted where the page has another language."""
        return quoted_in(text, self.language)

    def value(self, name: str) -> str:
        """Name a value of a site attribute."""
        return self.pick(ATTRIBUTE_VALUES[name]) if name in ATTRIBUTE_VALUES else name

    def population(self, label: str) -> str:
        """Name a lot of the plan."""
        return population(label, self.language)

    def sampling_rule(self, rule: str) -> str:
        """Name a rule of sampling."""
        return sampling_rule(rule, self.language)
