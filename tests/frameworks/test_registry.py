import datetime as dt

import pytest

from skillpassport.frameworks.errors import (
    EditionUnknown,
    FrameworkUnknown,
    LevelUnknown,
    NoEditionInForce,
    RegistryInconsistent,
)
from skillpassport.frameworks.model import (
    CompetentAuthority,
    Edition,
    FrameworkId,
    SourceId,
)
from skillpassport.frameworks.registry import FrameworkRows, Registry
from tests.support.registry import (
    TODAY,
    a_framework,
    a_snapshot,
    a_source,
    an_edition,
    some_levels,
    the_seed,
)

SEED = the_seed().registry


def with_editions(*editions: Edition) -> Registry:
    return a_snapshot(frameworks=[a_framework("AA:X")], editions=editions).registry


def test_a_space_in_an_id_is_read_as_the_plus_that_it_was() -> None:
    assert SEED.framework("GB-ENG NIR:RQF").id == "GB-ENG+NIR:RQF"


def test_a_space_in_a_level_is_read_as_plus_only_where_it_fits_nothing_as_it_is() -> None:
    dutch = SEED.locate("NL:NLQF", "4 ", on=TODAY)
    assert dutch.notation == "4+"
    assert SEED.locate("GB-WLS:CQFW", "Entry 3", on=TODAY).notation == "Entry 3"


@pytest.mark.parametrize("text", ["", "NKR", "no:nkr", "NO:NKR ", " NO:NKR", "NO:NKR\x00", "NO"])
def test_an_id_is_exact(text: str) -> None:
    with pytest.raises(FrameworkUnknown):
        SEED.framework(text)


def test_an_id_wins_over_an_alias_that_reads_the_same() -> None:
    rows = FrameworkRows(
        sources=(a_source(),),
        frameworks=(a_framework("AA:X", aliases=("BB:X",)), a_framework("BB:X")),
    )
    assert Registry.of(rows).framework("BB:X").id == "BB:X"


@pytest.mark.parametrize("label", ["", "1999", "2013@2023"])
def test_an_edition_that_is_not_there_is_refused_with_those_that_are(label: str) -> None:
    with pytest.raises(EditionUnknown) as refused:
        SEED.named(f"IN:NSQF@{label}")
    assert refused.value.editions == ("2013", "2023")


def test_of_editions_without_dates_only_the_newest_is_ever_in_force() -> None:
    registry = with_editions(an_edition("AA:X", "2019"), an_edition("AA:X", "1969"))
    for day in (dt.date(1970, 1, 1), TODAY):
        edition = registry.edition_in_force(FrameworkId("AA:X"), day)
        assert edition is not None
        assert edition.label == "2019"


def test_of_editions_without_dates_current_is_the_newest() -> None:
    registry = with_editions(an_edition("AA:X"), an_edition("AA:X", "2031-draft"))
    edition = registry.edition_in_force(FrameworkId("AA:X"), TODAY)
    assert edition is not None
    assert edition.label == "current"


def test_an_edition_with_an_end_alone_held_until_then() -> None:
    registry = with_editions(
        an_edition("AA:X", "2012", valid_until=dt.date(2015, 9, 16)),
        an_edition("AA:X", "2015", valid_from=dt.date(2015, 9, 17)),
    )
    found = [
        registry.edition_in_force(FrameworkId("AA:X"), day)
        for day in (dt.date(2012, 1, 1), dt.date(2015, 9, 16), dt.date(2015, 9, 17))
    ]
    assert [one and one.label for one in found] == ["2012", "2012", "2015"]


def test_a_day_before_every_edition_has_none_in_force() -> None:
    with pytest.raises(NoEditionInForce):
        SEED.locate("IN:NSQF", "4", on=dt.date(2013, 12, 26))


def test_a_level_is_located_with_the_publishers_identifier_else_a_urn() -> None:
    eqf = SEED.locate("EU:EQF", "6", on=TODAY)
    tvet = SEED.locate("GH:NTVETQF", "3", on=TODAY)
    assert eqf.uri == "http://data.europa.eu/snb/eqf/6"
    assert tvet.uri == "urn:skillpassport:framework:GH:NTVETQF:edition:current:level:3"


def test_a_level_of_another_edition_is_not_this_editions() -> None:
    assert SEED.locate("FR:RNCP@1969", "IV", on=TODAY).notation == "IV"
    with pytest.raises(LevelUnknown):
        SEED.locate("FR:RNCP", "IV", on=TODAY)


def test_where_no_list_of_levels_is_known_a_level_stays_as_it_is_written() -> None:
    reference = SEED.locate("LB:LQF", "5", on=TODAY)
    assert (reference.notation, reference.level) == ("5", None)


def test_a_jurisdiction_finds_what_is_of_its_parts() -> None:
    assert [one.id for one in SEED.search(jurisdiction="GB")] == [
        "GB-ENG+NIR:RQF",
        "GB-SCT:SCQF",
        "GB-WLS:CQFW",
    ]
    assert [one.id for one in SEED.search(jurisdiction="gb-nir")] == ["GB-ENG+NIR:RQF"]


@pytest.mark.parametrize("q", ["polska rama", "POLSKA", "prk", "Polish  Qualifications"])
def test_a_search_folds_case_accents_and_spaces(q: str) -> None:
    assert "PL:PRK" in [one.id for one in SEED.search(q=q)]


def test_rows_that_name_what_is_not_there_are_refused() -> None:
    source, framework = a_source(), a_framework("AA:X")
    orphans = (
        FrameworkRows(sources=(source,), editions=(an_edition("AA:X"),)),
        FrameworkRows(sources=(source,), frameworks=(framework,), levels=some_levels("AA:X")),
        FrameworkRows(frameworks=(framework,)),
    )
    for rows in orphans:
        with pytest.raises(RegistryInconsistent):
            Registry.of(rows)


def test_an_occupations_own_authority_goes_before_the_general_one() -> None:
    def body(id: str, isco: tuple[str, ...]) -> CompetentAuthority:
        return CompetentAuthority(
            id=id,
            jurisdiction="NO",
            name={"en": id},
            scope={"en": id},
            as_of=TODAY,
            sources=(SourceId("SRC"),),
            isco=isco,
        )

    registry = a_snapshot(authorities=[body("a", ()), body("b", ("2221",))]).registry
    assert [one.id for one in registry.competent_authorities("NO", isco="2221")] == ["b", "a"]
    assert [one.id for one in registry.competent_authorities("NO", isco="7212")] == ["a"]
    assert [one.id for one in registry.competent_authorities("NO")] == ["a"]
    assert registry.competent_authorities("SE") == ()
