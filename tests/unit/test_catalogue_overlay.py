# SPDX-License-Identifier: Apache-2.0
"""The laboratory's own catalogue: what an overlay may change, and what it may not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest

from tests.support.catalogue_files import PACKAGE, as_json, device, schema, site
from yanshou.model import (
    Limit,
    LimitStatus,
    UsageError,
)
from yanshou.planning.scope import check_agreement
from yanshou.standards import (
    RANKS,
    Catalogue,
    binding,
    load,
    looser_rows,
)

SIGNED = 'by = "张工"\ndate = 2026-11-20\ndocument = "GB 55029-2022 纸本"\n'


CONTRACT = """\
[standard]
id = "合同 2026-17"
edition = ""
title = { zh = "施工合同", en = "Works contract" }
rank = "contract"

[[requirement]]
id = "C-RT-1"
clause = "5.2"
system = "intrusion"
title = { zh = "报警响应", en = "Alarm response" }
asks = { zh = "合同约定的响应时间。", en = "The response time agreed." }
measurand = "alarm_response_time"
statistic = "max"
limit = { max = %s, unit = "s" }
limit_status = "verified"
population = "zone"
applies = { system = "intrusion" }
"""


def overlaid(tmp_path: Path, text: str) -> Catalogue:
    path = tmp_path / "lab.toml"
    path.write_text(text, "utf-8")
    jsonschema.validate(as_json(tomllib.loads(text)), schema("overlay"))
    return load([path])


class TestOverlay:
    def test_a_confirmed_limit_is_verified_and_says_by_whom(
        self, tmp_path: Path, catalogue: Catalogue
    ) -> None:
        laid = overlaid(tmp_path, f'[[confirm]]\nid = "IAS-RT-01"\n{SIGNED}')
        row = laid.requirements["IAS-RT-01"]
        assert row.limit_status is LimitStatus.VERIFIED
        assert all(word in row.note for word in ("张工", "2026-11-20", "纸本", "lab.toml"))
        assert laid.overlays == ("lab.toml",)
        assert [(one.kind, one.requirement, one.by) for one in laid.changes] == [
            ("confirm", "IAS-RT-01", "张工")
        ]
        assert laid.sha256 != catalogue.sha256

    def test_what_is_laid_over_once_is_not_there_the_next_time(self, tmp_path: Path) -> None:
        signed = f'[[confirm]]\nid = "IAS-RT-01"\n{SIGNED}'
        overlaid(tmp_path, signed + (CONTRACT % "1.0"))
        after, anew = load(), load(folder=Path(str(PACKAGE)))
        assert after.requirements == anew.requirements
        assert after.standards == anew.standards
        assert (after.overlays, after.changes, after.classes) == ((), (), ())

    def test_part_of_a_row_is_replaced(self, tmp_path: Path, catalogue: Catalogue) -> None:
        change = 'limit = { max = 5.0, unit = "s" }\nlimit_status = "verified"'
        text = f'[[replace]]\nid = "CLK-07"\n{change}\n{SIGNED}'
        row = overlaid(tmp_path, text).requirements["CLK-07"]
        before = catalogue.requirements["CLK-07"]
        assert row.limit == Limit("s", max=5)
        assert "限值由 ≤ 10 s 改为 ≤ 5 s" in row.note
        assert (row.title, row.applies, row.source) == (before.title, before.applies, before.source)
        assert row.limit_status is LimitStatus.VERIFIED

    def test_a_replaced_number_does_not_keep_the_word_verified_of_the_former(self, tmp_path: Path) -> None:
        text = f'[[replace]]\nid = "IAS-PW-01"\nlimit = {{ min = 12.0, unit = "h" }}\n{SIGNED}'
        assert overlaid(tmp_path, text).requirements["IAS-PW-01"].limit_status is LimitStatus.PROVISIONAL
        text += f'[[confirm]]\nid = "IAS-PW-01"\n{SIGNED}'
        assert overlaid(tmp_path, text).requirements["IAS-PW-01"].limit_status is LimitStatus.VERIFIED

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ('limit = { max = 20.0, unit = "s" }\nlimit_status = "verified"', "looser"),
            ('limit = { max = 0.5, unit = "h" }', "looser"),
            ('limit = { max = 2.0, unit = "m" }', "looser"),
            ('limit_status = "unverified"', "cannot be called less"),
            ('statistic = "min"', "cannot be changed"),
            ('population = ["panel"]', "cannot be changed"),
            ('measurand = "alarm_notification_time"', "cannot be changed"),
            ('decision_rule = "DR-SA"', "cannot be changed"),
        ],
    )
    def test_a_provisional_row_is_judged_and_cannot_be_loosened_either(
        self, tmp_path: Path, change: str, word: str
    ) -> None:
        with pytest.raises(UsageError, match=word):
            overlaid(tmp_path, f'[[replace]]\nid = "IAS-RT-01"\n{change}\n{SIGNED}')

    def test_evidence_may_be_added_and_not_dropped(self, tmp_path: Path) -> None:
        more = 'evidence = ["latency table", "video of the panel"]'
        laid = overlaid(tmp_path, f'[[replace]]\nid = "IAS-RT-01"\n{more}\n{SIGNED}')
        assert "video of the panel" in laid.requirements["IAS-RT-01"].evidence
        with pytest.raises(UsageError, match="lacks latency table"):
            overlaid(tmp_path, f'[[replace]]\nid = "IAS-RT-01"\nevidence = ["a photograph"]\n{SIGNED}')

    @pytest.mark.parametrize("change", ['rank = "inhouse"', 'rank = "mandatory"\nin_force = false'])
    def test_a_standard_of_the_catalogue_keeps_its_rank_and_force(self, tmp_path: Path, change: str) -> None:
        text = (
            (CONTRACT % "1.5").replace("合同 2026-17", "GB 55029").replace('edition = ""', 'edition = "2022"')
        )
        with pytest.raises(UsageError, match=r"stands in gb-55029-2022\.toml with another rank"):
            overlaid(tmp_path, text.replace('rank = "contract"', change))

    def test_nobody_has_read_a_document_tomorrow(self, tmp_path: Path) -> None:
        signed = SIGNED.replace("2026-11-20", "2099-01-01")
        with pytest.raises(UsageError, match="2099-01-01 is still to come"):
            overlaid(tmp_path, f'[[confirm]]\nid = "IAS-RT-01"\n{signed}')

    @pytest.mark.parametrize("change", ["[[confirm]]", '[[replace]]\nnote = "read"'])
    def test_nobody_has_read_a_document_before_it_appeared(self, tmp_path: Path, change: str) -> None:
        signed = SIGNED.replace("2026-11-20", "2019-05-01")
        with pytest.raises(UsageError, match="2019-05-01 lies before GB 55029 of 2022 appeared"):
            overlaid(tmp_path, f'{change}\nid = "IAS-RT-01"\n{signed}')

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ('limit = { min = 4.0, unit = "h" }', "looser than ≥ 8 h of a verified"),
            ('limit_status = "unverified"', "cannot be called less"),
            ("applies = { high_risk = true }", "cannot be changed"),
            ("mandatory = false", "cannot be changed"),
        ],
    )
    def test_a_verified_mandatory_limit_cannot_be_loosened(
        self, tmp_path: Path, change: str, word: str
    ) -> None:
        with pytest.raises(UsageError, match=rf"lab\.toml:\d+ .*{word}"):
            overlaid(tmp_path, f'[[replace]]\nid = "IAS-PW-01"\n{change}\n{SIGNED}')

    def test_it_can_be_made_stricter(self, tmp_path: Path) -> None:
        text = f'[[replace]]\nid = "IAS-PW-01"\nlimit = {{ min = 12.0, unit = "h" }}\n{SIGNED}'
        assert overlaid(tmp_path, text).requirements["IAS-PW-01"].limit == Limit("h", min=12)

    def test_a_stricter_contract_row_is_added(self, tmp_path: Path) -> None:
        laid = overlaid(tmp_path, CONTRACT % "1.5")
        row = laid.requirements["C-RT-1"]
        assert row.rank == RANKS["contract"]
        assert "合同 2026-17" in laid.standards
        zone = device()
        first = binding(laid.measuring("alarm_response_time"), site(zone, network_form="local"), zone)[0]
        assert first.id == "IAS-RT-01"

    def test_a_looser_contract_row_is_a_mistake(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"lab\.toml:15 .*≤ 3 s.*GB 55029-2022 3\.5\.1\(8\).*≤ 2 s"):
            overlaid(tmp_path, CONTRACT % "3.0")

    def test_a_contract_is_also_held_against_what_applies_to_the_site(self, tmp_path: Path) -> None:
        text = (CONTRACT % "45.0").replace("alarm_response_time", "recording_retention").replace('"s"', '"d"')
        text = text.replace("max = 45.0", "min = 45.0").replace('"max"', '"value"')
        text = text.replace('"zone"', '"recorder"').replace("intrusion", "video")
        laid = overlaid(tmp_path, text)
        recorder = device("NVR-1", "recorder", "video")
        assert looser_rows(laid.requirements.values(), site(recorder)) == ()
        target = site(recorder, counter_terror_target=True)
        assert "90 d" in looser_rows(laid.requirements.values(), target)[0].what

    def test_a_contract_is_held_against_the_law_when_a_run_is_planned(self, tmp_path: Path) -> None:
        """Without conditions of its own the row applies everywhere, and so to zones that a law speaks of."""
        text = (CONTRACT % "3.0").replace('applies = { system = "intrusion" }', "")
        mistakes = check_agreement(site(device()), overlaid(tmp_path, text))
        assert any("(IAS-RT-01) asks ≤ 2 s" in one.what for one in mistakes)
        assert check_agreement(site(device()), overlaid(tmp_path, text.replace("3.0", "1.5"))) == []

    def test_every_mistake_of_an_overlay_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "lab.toml"
        path.write_text(
            '[[confirm]]\nid = "IAS-RT-1"\nby = "张工"\n[[confirm]]\nid = "LNK-02"\n'
            + SIGNED
            + "[colours]\n",
            "utf-8",
        )
        with pytest.raises(UsageError) as caught:
            load([path])
        found = "\n".join(map(str, caught.value.mistakes))
        for word in ("IAS-RT-01", "document is missing", "date is missing", "no limit to confirm", "colours"):
            assert word in found

    def test_an_overlay_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            load([tmp_path / "none.toml"])


def added(
    limit: str = "max = 1.5", *, of: str = "GB 55029", edition: str = "2022", more: str = SIGNED
) -> str:
    """An overlay with one row of its own in a published standard."""
    text = CONTRACT.replace("合同 2026-17", of).replace('edition = ""', f'edition = "{edition}"')
    text = text.replace('"contract"', '"mandatory"').replace('"5.2"', '"3.5.1(8)"')
    return text.replace("max = %s", limit) + more


class TestRowsOfAPublishedStandard:
    """What a laboratory adds under the name of a standard that its authors did not write."""

    def test_a_stricter_one_is_signed_and_bears_the_title_of_its_standard(self, tmp_path: Path) -> None:
        laid = overlaid(tmp_path, added())
        row = laid.requirements["C-RT-1"]
        assert row.standard_title == laid.requirements["IAS-RT-01"].standard_title
        assert "张工 于 2026-11-20 依据 GB 55029-2022 纸本 补充（lab.toml）" in row.note
        assert [(one.kind, one.by) for one in laid.changes] == [("add", "张工")]

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            (
                added("max = 20.0"),
                r"lab\.toml:15 .*asks ≤ 20 s, but GB 55029-2022 3\.5\.1\(8\) \(IAS-RT-01\)",
            ),
            (added("max = 20.0").replace('statistic = "max"', 'statistic = "min"'), r"asks ≤ 20 s, but"),
            (added(more=""), r"by is missing"),
            (added(of="GB  55029"), r"'GB  55029-2022' is GB 55029-2022 of the catalogue"),
            (added(of="ＧＢ 55029"), r"is GB 55029-2022 of the catalogue"),
            (added(of="gb 55029"), r"is GB 55029-2022 of the catalogue"),
            (added(of="GB 55029-2022", edition=""), r"is GB 55029-2022 of the catalogue"),
            (added("equals = nan"), r"equals must be a finite number"),
            (added().replace("C-RT-1", "Ias-rt-01"), r"id IAS-RT-01 is there already"),
            (added().split("[[requirement]]")[0], r"lab\.toml:1 .*changes nothing"),
        ],
    )
    def test_what_would_loosen_or_pose_as_it_is_a_mistake(self, tmp_path: Path, text: str, what: str) -> None:
        with pytest.raises(UsageError, match=what):
            overlaid(tmp_path, text)

    @pytest.mark.parametrize("name", ["C\u202e1", "../C", "*", "C 1", "合同-1"])
    def test_an_id_is_one_that_a_scope_can_name(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "lab.toml"
        path.write_text(added().replace("C-RT-1", name), "utf-8")
        with pytest.raises(UsageError, match=r"lab\.toml:8 .*is no id of a requirement"):
            load([path])

    def test_one_that_applies_everywhere_is_held_against_what_applies_at_the_site(
        self, tmp_path: Path
    ) -> None:
        laid = overlaid(tmp_path, added("max = 20.0").replace('applies = { system = "intrusion" }', ""))
        mistakes = check_agreement(site(device()), laid)
        assert ["C-RT-1" in one.what and "IAS-RT-01" in one.what for one in mistakes] == [True]

    def test_a_later_edition_is_the_laboratorys_to_sign(self, tmp_path: Path) -> None:
        laid = overlaid(tmp_path, added("max = 3.0", edition="2026"))
        assert laid.requirements["C-RT-1"].edition == "2026"
