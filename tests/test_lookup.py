"""Which section of a plan a person means."""

import pytest
from papers import plan, section

from assistant.lookup import find_section
from index.errors import UserError

PLAN = plan(
    sections=(
        section("LEAD", "", "为做好工作，制定本计划。"),
        section("SKILL", "以比武带练兵", "1.9月举办决赛。"),
        section("CARE", "把夜班的事办实", "1.7月登记夜班人数。"),
    )
)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("care", "CARE"),
        ("CARE", "CARE"),
        ("以比武带练兵", "SKILL"),
        ("比武练兵", "SKILL"),
        ("帮扶", "CARE"),
        ("劳动竞赛", "SKILL"),
        ("引言", "LEAD"),
    ],
)
def test_a_section_is_found_by_number_code_heading_or_what_it_is_about(wanted, code):
    assert find_section(PLAN, wanted).code.value == code


@pytest.mark.parametrize("wanted", ["女职工", "银河系"])
def test_a_section_that_is_not_there_is_told_with_those_that_are(wanted):
    with pytest.raises(UserError, match="有：引言、以比武带练兵、把夜班的事办实。"):
        find_section(PLAN, wanted)
