"""What pages tell of agreements whose records say little, or too much."""

import pytest

from tests.support.registry import a_registry_client
from tests.support.rules import a_rule, a_ruled_snapshot, an_agreement
from tests.web.api.test_frameworks import HOSTILE

MARKUP = "<script>alert(1)</script>"


def page_of(path: str, *agreements: object, status: int = 200) -> str:
    snapshot = a_ruled_snapshot(
        a_rule(agreement="AA-BB") if agreements else a_rule(),
        agreements=agreements,  # type: ignore[arg-type]
    )
    got = a_registry_client(snapshot).get(f"/registry/agreements{path}")
    assert got.status_code == status, got.text
    return got.text


@pytest.mark.parametrize(
    ("agreement", "said", "rule"),
    [
        (an_agreement(), "In force", "Holds now"),
        (an_agreement(ended="2020-01-01"), "Not in force", "Does not hold"),
        (an_agreement("by exchange of notes"), "Not known to be in force", "Does not hold"),
        (an_agreement(None), "Not known to be in force", "Does not hold"),
    ],
)
def test_only_what_is_known_to_be_in_force_switches_a_rule_on(
    agreement: object, said: str, rule: str
) -> None:
    page = page_of("/AA-BB", agreement)
    assert said in page
    assert rule in page


def test_dates_that_name_no_day_stay_as_their_source_writes_them() -> None:
    assert "by exchange of notes" in page_of("/AA-BB", an_agreement("by exchange of notes"))
    assert "2019-06<" in page_of("/AA-BB", an_agreement("2019-06"))


def test_what_is_not_public_is_nowhere() -> None:
    hidden = an_agreement(is_public=False, parties=("Secret ministry",))
    assert "AA-BB" not in page_of("", hidden)
    page_of("/AA-BB", hidden, status=404)


def test_a_record_is_text_and_never_markup() -> None:
    odd = an_agreement(
        parties=(MARKUP,), details={MARKUP: MARKUP, "rule": {MARKUP: [MARKUP, None, 3, True]}}
    )
    page = page_of("/AA-BB", odd)
    assert MARKUP not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_find_nothing_and_break_nothing(text: str) -> None:
    client = a_registry_client(a_ruled_snapshot(agreements=[an_agreement()]))
    for path in ("/registry/agreements", "/registry/agreements/"):
        got = client.get(path if path.endswith("s") else path + "x", params={"origin": text})
        assert got.status_code < 500, text
    page = client.get("/registry/agreements", params={"origin": text[:20]})
    assert page.status_code in {200, 422}


def test_without_any_it_says_so() -> None:
    assert "None is registered here." in page_of("")
