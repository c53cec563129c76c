# SPDX-License-Identifier: Apache-2.0
"""The status that Allure shows for each verdict."""

from __future__ import annotations

from allure_commons.model2 import Status

from yanshou.model import Verdict

STATUS = {
    Verdict.NON_CONFORM: Status.FAILED,
    Verdict.CONDITIONAL_NON_CONFORM: Status.FAILED,
    Verdict.INVALID: Status.BROKEN,
    Verdict.NOT_TESTED: Status.SKIPPED,
    Verdict.UNJUDGED: Status.UNKNOWN,
    Verdict.CONDITIONAL_CONFORM: Status.UNKNOWN,
    Verdict.ADVICE_NOT_FOLLOWED: Status.UNKNOWN,
    Verdict.CONFORM: Status.PASSED,
    Verdict.NOT_APPLICABLE: Status.SKIPPED,
}
