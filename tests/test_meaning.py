"""Where credentials and equivalence meet."""

from datetime import date

import pytest

from skillpassport.credentials.achievements import LevelNotRegistered
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.frameworks.errors import LevelUnknown
from skillpassport.meaning import RegistryLevels

LEVELS = RegistryLevels(registry=read_registry_seed().snapshot)
TODAY = date(2026, 11, 22)


def test_a_level_is_found_in_the_edition_in_force() -> None:
    found = LEVELS.find("PL:PRK", None, "VI", TODAY)
    assert (found.framework, found.edition, found.level) == ("PL:PRK", "current", "VI")
    assert found.uri is not None


def test_an_alias_of_a_framework_leads_to_its_id() -> None:
    assert LEVELS.find("PL:PQF", None, "VI", TODAY).framework == "PL:PRK"


def test_the_edition_of_the_day_is_chosen() -> None:
    assert LEVELS.find("IN:NSQF", None, "8", date(2022, 5, 1)).edition == "2013"
    assert LEVELS.find("IN:NSQF", None, "8", TODAY).edition == "2023"


@pytest.mark.parametrize(
    ("framework", "level"), [("XX:NONE", "1"), ("PL:PRK", "11"), ("PL:PRK@1066", "VI")]
)
def test_what_the_registry_does_not_know_is_refused_with_its_reason(
    framework: str, level: str
) -> None:
    with pytest.raises(LevelNotRegistered) as refused:
        LEVELS.find(framework, None, level, TODAY)
    assert refused.value.message


def test_levels_of_a_scope_are_written_as_their_edition_writes_them() -> None:
    assert LEVELS.notations("PL:PRK", ["VI", "VII"]) == ("VI", "VII")
    # A level of an edition that is no longer in force may still be accredited.
    assert LEVELS.notations("GH:NTVETQF", ["4"]) == ("4",)
    with pytest.raises(LevelUnknown):
        LEVELS.notations("PL:PRK", ["4711"])
