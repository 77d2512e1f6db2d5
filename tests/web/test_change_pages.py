"""What a change of the registry changed, on its page: before and after, with links, and no secrets."""

import dataclasses
from typing import Any

import pytest

from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.web.pages.differences import MAX_LINES, counts_of, things_in, told
from tests.support.instances import Served
from tests.support.registry import a_framework, a_mapping, a_source, an_edition, some_levels
from tests.support.rules import a_rule, an_agreement
from tests.support.taxonomies import a_qualification

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
IDS = ("AA:F", "BB:F")


def revise(served: Served, content: RegistryContent, origin: str = "a test") -> None:
    with served.instance.database.transaction() as work:
        work.frameworks.revise(content, origin=origin, now=work.now)


def some_rows(name: str = "Framework AA:F") -> FrameworkRows:
    first, second = map(a_framework, IDS)
    return FrameworkRows(
        sources=(a_source(),),
        frameworks=(dataclasses.replace(first, name={"en": name}), second),
        editions=tuple(map(an_edition, IDS)),
        levels=tuple(level for one in IDS for level in some_levels(one)),
    )


@pytest.fixture
def changed(served: Served) -> tuple[Served, int]:
    """Give an instance whose newest change corrects one framework, and that change's number."""
    revise(
        served, RegistryContent(rows=some_rows(), mappings=(a_mapping("AA:F 1", "BB:F 2"),)), "one"
    )
    revise(served, RegistryContent(rows=some_rows("A better <name>")), "two")
    with served.instance.database.snapshot() as work:
        return served, work.frameworks.version()


def page(served: Served, path: str, status: int = 200) -> str:
    answer = served.get(f"/registry/changes{path}", accept=HTML)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_correction_is_shown_before_and_after_with_a_link(changed: tuple[Served, int]) -> None:
    served, number = changed
    assert f'href="/registry/changes/{number}"' in page(served, "")
    shown = page(served, f"/{number}")
    assert "<del><bdi>en: Framework AA:F</bdi></del>" in shown
    assert "<ins><bdi>en: A better &lt;name&gt;</bdi></ins>" in shown
    assert 'href="/registry/AA:F"' in shown
    assert ">two<" in shown
    assert "jurisdictions" not in shown  # which did not change


def test_what_was_added_is_told_whole_and_leads_to_its_page(changed: tuple[Served, int]) -> None:
    served, number = changed
    shown = page(served, f"/{number - 1}")
    assert "<del>" not in shown
    link = "/registry/compare?from_framework=AA%3AF&amp;from_level=1&amp;target=BB%3AF"
    assert link in shown
    assert 'href="/registry/coverage#source-SRC"' in shown


def test_it_may_be_compared_with_an_earlier_version(changed: tuple[Served, int]) -> None:
    served, number = changed
    shown = page(served, f"/{number}?since={number - 2}")
    assert "A better &lt;name&gt;" in shown
    assert "<del>" not in shown  # seen from there, it is new


def test_the_first_version_is_paged(served: Served) -> None:
    shown = page(served, "/1")
    assert "An empty registry" in shown
    assert "after=50" in shown
    assert shown.count("<h2") == 50
    assert "after=100" in page(served, "/1?after=50")


@pytest.mark.parametrize("path", ["/0", "/-1", "/x", "/99999999999999999999", "/1?since=-1"])
def test_what_is_no_number_of_a_version_is_refused(served: Served, path: str) -> None:
    page(served, path, status=422)


def test_a_version_that_is_not_there_is_told_as_such(served: Served) -> None:
    assert "No change of the registry has this number." in page(served, "/4711", status=404)
    assert "Nothing differs." in page(served, "/1?since=1")
    assert "Nothing differs." in page(served, "/1?since=9")


def test_rows_in_bulk_are_counted_and_not_listed(served: Served) -> None:
    with served.instance.database.transaction() as work:
        listed = [a_qualification(number) for number in range(3)]
        work.qualifications.add(listed, origin="a register", now=lambda: work.now)
        number = work.frameworks.version()
    shown = page(served, f"/{number}")
    assert "of a classification, of qualifications, or not public" in shown


def test_an_agreement_that_is_not_public_shows_nothing_of_itself(served: Served) -> None:
    hidden = an_agreement(is_public=False, slug="SECRET-ONE", parties=("Hidden ministry",))
    revise(served, RegistryContent(agreements=(hidden,)))
    with served.instance.database.snapshot() as work:
        newest = work.frameworks.version()
    shown = page(served, f"/{newest}")
    assert "or not public" in shown
    assert "SECRET-ONE" not in shown
    assert "Hidden ministry" not in shown


def test_an_agreement_that_becomes_public_is_told_as_new(served: Served) -> None:
    """What it said before is still nobody's business."""
    hidden = an_agreement(is_public=False, slug="ONE", parties=("Hidden ministry",))
    shown_now = dataclasses.replace(hidden, parties=("Ministry",), is_public=True)
    for agreement in (hidden, shown_now):
        revise(served, RegistryContent(agreements=(agreement,)))
    with served.instance.database.snapshot() as work:
        newest = work.frameworks.version()
    shown = page(served, f"/{newest}")
    assert "Ministry" in shown
    assert "Hidden ministry" not in shown


def test_of_a_long_value_only_what_differs_is_told() -> None:
    before = {"id": "x", "units": [f"unit {n}" for n in range(20)]}
    after = {"id": "x", "units": [*before["units"][1:], "another"]}
    thing = told("occupational_standards", {"name": "x", "before": before, "after": after})
    (field,) = thing.fields
    assert (field.before, field.after, field.same) == (("unit 0",), ("another",), 19)
    new = {"id": "x", "units": [f"unit {n}" for n in range(2 * MAX_LINES)], "none": None}
    thing = told("occupational_standards", {"name": "x", "before": None, "after": new})
    assert [len(each.after) for each in thing.fields] == [1, MAX_LINES + 1]


def test_corrections_go_before_what_is_new_and_both_are_counted() -> None:
    rule = {"name": "r", "before": None, "after": {"id": "r"}}
    level = {"name": "l", "before": {"id": "l"}, "after": {"id": "l", "title": "a"}}
    tables: dict[str, list[dict[str, Any]]] = {
        "recognition_rules": [level],
        "sources": [rule],
        "framework_levels": [],
    }
    assert [table for table, _ in things_in(tables)] == ["recognition_rules", "sources"]
    assert [(one.table, one.added, one.changed) for one in counts_of(tables)] == [
        ("sources", 1, 0),
        ("recognition_rules", 0, 1),
    ]


def test_a_rule_leads_to_the_question_that_it_answers(served: Served) -> None:
    revise(
        served,
        RegistryContent(
            rules=(a_rule(origin="PL", destination="NL", levels={}, sources=("NL-PL",)),)
        ),
    )
    with served.instance.database.snapshot() as work:
        number = work.frameworks.version()
    link = (
        "/registry/evaluate?qualification=Certificate+of+Welding&amp;origin=PL&amp;destination=NL"
    )
    assert link in page(served, f"/{number}")
    assert "Certificate of Welding (PL &gt; NL)" in page(served, f"/{number}")
