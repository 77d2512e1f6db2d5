"""Outcomes beside a standard: who said it suffices, what is missing, what nobody has judged."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.equivalence.outcomes import Finding, Ground, Offer, Shown, compare_outcomes
from skillpassport.frameworks.model import Footing, SourceId
from skillpassport.frameworks.standards import (
    OccupationalStandard,
    StandardId,
    StandardUnit,
    UnitLink,
)

WELDING = StandardId("ES-WELDING")
ORIGIN = StandardId("SN-WELDING")
ESCO = "http://data.europa.eu/esco/skill/"
SOURCE = SourceId("SRC")


def a_unit(
    code: str | None, title: str = "", *, hours: int | None = None, **more: object
) -> StandardUnit:
    return StandardUnit(
        code=code,
        title={"en": title or f"Unit {code}"},
        footing=Footing.READ,
        hours=None if hours is None else Decimal(hours),
        **more,  # type: ignore[arg-type]
    )


def a_standard(*units: StandardUnit) -> OccupationalStandard:
    return OccupationalStandard(
        id=WELDING,
        title={"en": "Welding"},
        authority="An authority",
        country="ES",
        units=units,
        footing=Footing.READ,
        sources=(SOURCE,),
    )


def a_shown(title: str, code: str | None = None, **more: object) -> Shown:
    return Shown(title={"en": title}, code=code, **more)  # type: ignore[arg-type]


def a_link(code: str, unit: str, *, whole: bool = True, published: bool = True) -> UnitLink:
    return UnitLink(
        from_standard=ORIGIN,
        from_unit=code,
        to_standard=WELDING,
        to_unit=unit,
        whole=whole,
        published=published,
        sources=(SOURCE,),
    )


def test_the_very_unit_is_met_and_the_others_are_missing() -> None:
    standard = a_standard(a_unit("UC1"), a_unit("UC2"))
    came = compare_outcomes(standard, [a_shown("Arc", "uc 1", standard=WELDING)])
    assert [(one.finding, one.ground) for one in came.judgements] == [
        (Finding.MISSING, Ground.NONE),
        (Finding.MISSING, Ground.NONE),
    ]  # `uc 1` is another code than `UC1`: nothing is put together from pieces
    came = compare_outcomes(standard, [a_shown("Arc", "uc1", standard=WELDING)])
    assert [(one.finding, one.ground) for one in came.judgements] == [
        (Finding.MET, Ground.SAME_UNIT),
        (Finding.MISSING, Ground.NONE),
    ]
    assert [one.unit.code for one in came.differences] == ["UC2"]


def test_the_same_code_of_another_authority_is_another_unit() -> None:
    standard = a_standard(a_unit("101"))
    for other in (a_shown("x", "101"), a_shown("x", "101", standard=ORIGIN)):
        assert compare_outcomes(standard, [other]).judgements[0].finding is Finding.MISSING


def test_an_older_code_of_a_unit_is_the_unit() -> None:
    standard = a_standard(a_unit("ECP1", aliases=("UC1",)))
    came = compare_outcomes(standard, [a_shown("Arc", "UC1", standard=WELDING)])
    assert came.judgements[0].finding is Finding.MET


@pytest.mark.parametrize(
    ("link", "finding", "ground"),
    [
        (a_link("S1", "UC1"), Finding.MET, Ground.STATED),
        (a_link("S1", "UC1", whole=False), Finding.UNCLEAR, Ground.SUGGESTED),
        (a_link("S1", "UC1", published=False), Finding.UNCLEAR, Ground.SUGGESTED),
        (a_link("S2", "UC1"), Finding.MISSING, Ground.NONE),
    ],
)
def test_only_a_published_statement_about_the_whole_unit_decides(
    link: UnitLink, finding: Finding, ground: Ground
) -> None:
    shown = [a_shown("Soudage", "S1", standard=ORIGIN)]
    came = compare_outcomes(a_standard(a_unit("UC1")), shown, links=[link])
    assert (came.judgements[0].finding, came.judgements[0].ground) == (finding, ground)
    assert came.judgements[0].sources == (() if ground is Ground.NONE else (SOURCE,))


def test_skills_and_titles_suggest_and_never_decide() -> None:
    unit = a_unit("UC1", "Arc welding", esco=(f"{ESCO}1", f"{ESCO}2"))
    alike = a_shown("Arc  Welding!")
    skilled = a_shown("Soldering", esco=(f"{ESCO}1", f"{ESCO}2"))
    for shown, ground in ((alike, Ground.SAME_TITLE), (skilled, Ground.SAME_SKILLS)):
        (one,) = compare_outcomes(a_standard(unit), [shown]).judgements
        assert (one.finding, one.ground) == (Finding.UNCLEAR, ground)
    (one,) = compare_outcomes(
        a_standard(unit), [a_shown("Soldering", esco=(f"{ESCO}2",))]
    ).judgements
    assert (one.skills_shared, one.skills_wanting) == ((f"{ESCO}2",), (f"{ESCO}1",))


def test_titles_are_alike_within_one_language_only() -> None:
    unit = StandardUnit(title={"fr": "Pain"}, footing=Footing.READ)
    came = compare_outcomes(a_standard(unit), [Shown(title={"en": "Pain"})])
    assert came.judgements[0].finding is Finding.MISSING


def test_skills_meet_across_languages() -> None:
    unit = StandardUnit(title={"es": "Soldadura"}, footing=Footing.READ, esco=(f"{ESCO}1",))
    came = compare_outcomes(a_standard(unit), [Shown(title={"ar": "لحام"}, esco=(f"{ESCO}1",))])
    assert came.judgements[0].ground is Ground.SAME_SKILLS


def test_hours_that_are_short_leave_a_difference_in_a_unit_that_is_met() -> None:
    standard = a_standard(a_unit("UC1", hours=120), a_unit("UC2", hours=80))
    came = compare_outcomes(
        standard,
        [
            a_shown("a", "UC1", standard=WELDING, hours=Decimal(90)),
            a_shown("b", "UC2", standard=WELDING, hours=Decimal(200)),
        ],
    )
    assert [one.hours_short for one in came.judgements] == [Decimal(30), Decimal(0)]
    assert [one.unit.code for one in came.differences] == ["UC1"]
    assert came.hours_asked == Decimal(200)
    assert came.hours_met == Decimal(170)


def test_hours_that_nobody_gave_are_not_invented() -> None:
    standard = a_standard(a_unit("UC1", hours=120))
    came = compare_outcomes(standard, [a_shown("a", "UC1", standard=WELDING)])
    assert came.judgements[0].hours_short is None


def test_a_unit_is_met_when_all_its_essential_parts_are() -> None:
    whole = a_unit("I", parts=(a_unit("I.1"), a_unit("I.2"), a_unit("I.3", essential=False)))
    first = a_shown("a", "I.1", standard=WELDING)
    second = a_shown("b", "I.2", standard=WELDING)
    (one,) = compare_outcomes(a_standard(whole), [first]).judgements
    assert (one.finding, one.ground) == (Finding.UNCLEAR, Ground.PARTS)
    (one,) = compare_outcomes(a_standard(whole), [first, second]).judgements
    assert one.finding is Finding.MET
    assert one.shown == (first, second)


def test_what_fits_nothing_is_said() -> None:
    other = a_shown("Cooking")
    came = compare_outcomes(a_standard(a_unit("UC1")), [other])
    assert came.unused == (other,)


class _Courses:
    def ending_with(self, codes: object) -> dict[str, tuple[Offer, ...]]:
        offer = Offer(
            id="tig", title={"en": "TIG"}, provider={"en": "P"}, country="ES", hours=Decimal(80)
        )
        return {"UC1": (offer,), "UC2": (offer,)}


def test_programmes_are_offered_for_what_is_wanting_alone() -> None:
    standard = a_standard(a_unit("UC1"), a_unit("UC2"))
    came = compare_outcomes(
        standard, [a_shown("a", "UC1", standard=WELDING)], programmes=_Courses()
    )
    assert [[offer.id for offer in one.offers] for one in came.judgements] == [[], ["tig"]]


def test_the_answer_says_that_it_decides_nothing() -> None:
    body = compare_outcomes(a_standard(a_unit("UC1")), []).to_json()
    assert "authority alone decides" in body["disclaimer"]
    assert json.loads(json.dumps(body))["counts"] == {"met": 0, "missing": 1, "unclear": 0}


_CODES = st.sampled_from(["UC1", "UC2", "S1", "S2", None])
_SHOWN = st.lists(
    st.builds(
        a_shown,
        st.sampled_from(["Unit UC1", "Unit UC2", "Other"]),
        _CODES,
        standard=st.sampled_from([WELDING, ORIGIN, None]),
        esco=st.lists(st.sampled_from([f"{ESCO}1", f"{ESCO}2"]), max_size=2).map(tuple),
        hours=st.none() | st.integers(0, 100).map(Decimal),
    ),
    max_size=5,
)
_LINKS = st.lists(
    st.builds(
        a_link,
        st.sampled_from(["S1", "S2"]),
        st.sampled_from(["UC1", "UC2"]),
        whole=st.booleans(),
        published=st.booleans(),
    ),
    max_size=4,
)


@given(shown=_SHOWN, links=_LINKS)
def test_nothing_is_met_without_the_unit_or_a_published_statement(
    shown: list[Shown], links: list[UnitLink]
) -> None:
    standard = a_standard(
        a_unit("UC1", hours=50, esco=(f"{ESCO}1",)), a_unit("UC2", esco=(f"{ESCO}2",))
    )
    came = compare_outcomes(standard, shown, links=links)
    for one in came.judgements:
        code = one.unit.code
        is_unit = any(s.standard == WELDING and s.code == code for s in shown)
        is_stated = any(
            link.published and link.whole and link.to_unit == code
            for link in links
            if any((s.standard, s.code) == (ORIGIN, link.from_unit) for s in shown)
        )
        assert (one.finding is Finding.MET) == (is_unit or is_stated)


@given(shown=_SHOWN, links=_LINKS, data=st.data())
def test_neither_the_order_nor_more_of_what_is_shown_makes_it_worse(
    shown: list[Shown], links: list[UnitLink], data: st.DataObject
) -> None:
    standard = a_standard(a_unit("UC1", esco=(f"{ESCO}1",)), a_unit("UC2", esco=(f"{ESCO}2",)))
    order = [Finding.MISSING, Finding.UNCLEAR, Finding.MET]
    before = compare_outcomes(standard, shown, links=links)
    shuffled = data.draw(st.permutations(shown))
    after = compare_outcomes(standard, shuffled, links=links)
    assert [one.finding for one in before.judgements] == [one.finding for one in after.judgements]
    fewer = compare_outcomes(standard, shown[1:], links=links)
    for less, more in zip(fewer.judgements, before.judgements, strict=True):
        assert order.index(less.finding) <= order.index(more.finding)
