"""The pages on what the registry holds: found in one box, shown whole, never a fault."""

import dataclasses
import re
import shutil
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from skillpassport.equivalence.importing.files import FILES
from skillpassport.equivalence.rules import RecognitionRule
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.model import SourceId
from skillpassport.web.translation import LANGUAGES
from tests.support.importing import a_table
from tests.support.instances import Answer, Served, an_instance
from tests.support.rules import a_rule, an_agreement
from tests.support.taxonomies import (
    ESCO,
    WELDING,
    a_full_qualification,
    a_qualification,
    a_taxonomy,
)
from tests.web.test_comparability_statements import withdraw_what_it_rests_on

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
CITED = SourceId("NL-PL")
PAGES = (
    "/registry",
    "/registry?q=weldnig",
    "/registry/qualifications",
    "/registry/qualifications/PL-full",
    "/registry/standards",
    "/registry/standards/DE-PflAPrV?shown=GH-NMC-RGN",
    "/registry/occupations/7212.3",
    "/registry/changes",
    "/registry/changes/1",
    "/registry/changes/2",
    "/registry/flow",
    "/registry/flow?from_framework=PL:PRK&to_framework=NL:NLQF",
    "/registry/precedents",
    "/registry/agreements",
    "/registry/agreements?origin=PL&destination=NL",
    "/registry/agreements/PL-NL-2020",
    "/registry/EU:EQF",
    "/registry/evaluate?qualification=Pipe+Welder&origin=PL&destination=NL",
    "/registry/compare?from_framework=PL:PRK&from_level=VI&target=NO&date=2020-01-01",
)
HOSTILE = (
    "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "%7B%7B7*7%7D%7D",
    "%27%20OR%201=1",
    "x" * 3_000,
    "%E2%80%AE",
    "%00",
    "%0a",
    "%25",
)


AGREEMENT = an_agreement(
    slug="PL-NL-2020",
    origins=("PL",),
    destinations=("NL",),
    parties=("Ministerstwo Pracy", "Ministerie van SZW"),
    details={
        "sector": "metal",
        "cost": {"travel": "the employer"},
        "odd_member": ["first", "second"],
        "read": ["parties", "signed"],
        "memory": ["cost"],
    },
)


def agreed_rule() -> RecognitionRule:
    return a_rule(
        title="Welding instructor",
        origin="PL",
        destination="NL",
        levels={},
        comparable_to="Praktijkopleider",
        agreement=AGREEMENT.slug,
        sources=(CITED,),
    )


@pytest.fixture(scope="module")
def explored(
    instance_template: Path,
    seeded_registry: RegistrySnapshot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """Give an instance with a rule, a few qualifications and a classification."""
    folder = tmp_path_factory.mktemp("explored") / "var"
    shutil.copytree(instance_template, folder)
    rule = a_rule(
        title="Pipe Welder",
        origin="PL",
        destination="NL",
        when={"duration_years": {"min": 4}},
        condition="four years",
        levels={"NL:NLQF": ("4",)},
        sources=(CITED,),
    )
    del seeded_registry
    with an_instance(folder) as served:
        with served.instance.database.transaction() as work:
            full = dataclasses.replace(a_full_qualification(), sources=(CITED,))
            listed = [full, a_qualification(1)]
            work.qualifications.add(listed, origin="the tests", now=lambda: work.now)
            work.taxonomies.add(a_taxonomy(), origin="the tests", now=lambda: work.now)
            content = RegistryContent(rules=(rule, agreed_rule()), agreements=(AGREEMENT,))
            work.frameworks.revise(content, origin="the tests", now=work.now)
        yield served


def shown(served: Served, path: str, status: int = 200) -> str:
    answer = served.get(path, accept=HTML)
    assert answer.status_code == status, (path, answer.status_code)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return unescape(answer.text)


def state(served: Served, body: str) -> Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": HTML}
    return served.http.post("/statements", content=body, headers=headers, follow_redirects=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_shown_in_every_language(explored: Served, path: str, language: str) -> None:
    page = shown(explored, f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert f'lang="{language}"' in page
    assert "<script" not in page
    assert " style=" not in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("weldnig", "/registry/qualifications/PL-0001"),  # a slip
        ("certificate pipe", "/registry/qualifications/PL-full"),  # word order
        ("Spawacz", "/registry/qualifications/PL-0001"),  # the language of the country
        ("soudeur", 'lang="en">welder<'),  # an occupation by its French name
        ("لحام", 'lang="en">welder<'),  # and by its Arabic one, without its vowel signs
        ("nursing specailist", "/registry/standards/DE-PflAPrV"),
        ("polsih qualifications", "/registry/PL:PRK"),
        ("prk", "/registry/PL:PRK"),
        ("labour migration poland", "/registry/agreements/PL-NL-2020"),
        ("ministerie", "/registry/agreements/PL-NL-2020"),
    ],
)
def test_one_box_finds_all_kinds_of_things(explored: Served, typed: str, found: str) -> None:
    assert found in shown(explored, f"/registry?q={typed}")


def test_the_classification_is_named_wherever_it_shows(explored: Served) -> None:
    attribution = "This service uses the ESCO classification of the European Commission."
    for path in ("/registry?q=soudeur", "/registry/qualifications/PL-full"):
        assert attribution in shown(explored, path)
    assert attribution not in shown(explored, "/registry?q=prk")


def test_an_occupation_has_its_skills_and_the_standards_about_it(explored: Served) -> None:
    assert 'href="/registry/occupations/7212.3"' in shown(explored, "/registry?q=soudeur")
    page = shown(explored, "/registry/occupations/7212.3?lang=fr")
    for text in ("soudeur/soudeuse", "soudage à l'arc", "/registry/standards/ES-FME035_2", "ESCO"):
        assert text in page
    assert "No occupation of this code" in shown(explored, "/registry/occupations/9", 404)


def test_an_agreement_tells_its_parties_dates_what_it_switches_on_and_what_was_read(
    explored: Served,
) -> None:
    page = shown(explored, "/registry/agreements/PL-NL-2020?lang=en")
    for text in (
        "Bilateral labour migration agreement",
        "Ministerie van SZW",
        "In force since",
        "1 June 2019",
        "Welding instructor",
        "Holds now",
        "travel: the employer",
        "odd member",
        "Told from memory, and not read",
    ):
        assert text in page, text
    listed = shown(explored, "/registry/agreements?origin=PL&lang=en")
    assert 'href="/registry/agreements/PL-NL-2020?lang=en"' in listed
    assert "PL-NL-2020" not in shown(explored, "/registry/agreements?destination=PL")
    assert "No public agreement" in shown(explored, "/registry/agreements/NONE", 404)


def test_answers_lead_to_the_agreement_behind_them_and_to_those_of_the_corridor(
    explored: Served,
) -> None:
    asked = "/registry/evaluate?qualification=Welding+instructor&origin=PL&destination=NL"
    page = shown(explored, asked)
    assert 'href="/registry/agreements/PL-NL-2020"' in page
    assert 'href="/registry/agreements?origin=PL&destination=NL"' in page
    compared = "/registry/compare?from_framework=PL:PRK&from_level=VI&target="
    assert "/registry/agreements?origin=PL&destination=NL" in shown(explored, f"{compared}NL")
    assert "/registry/agreements?origin" not in shown(explored, f"{compared}NO")


def test_a_search_keeps_to_a_country(explored: Served) -> None:
    assert "PL-0001" not in shown(explored, "/registry?q=welding&jurisdiction=GH")
    assert "PL-0001" in shown(explored, "/registry?q=welding&jurisdiction=PL")


def test_units_name_the_skills_that_their_source_links_them_to(explored: Served) -> None:
    rows = [
        {
            "standard": "PL-SPAW",
            "standard_title_en": "Welder",
            "authority": "An institute",
            "country": "PL",
            "source": "a standard that was read",
            "code": "U1",
            "title_en": "Join metal",
            "esco": f"{WELDING};{ESCO}/skill/of-another-version",
        }
    ]
    report = explored.instance.import_into_registry(
        partial(FILES["standards"], a_table(rows), {}), origin="the tests"
    )
    assert (report.added, report.refused) == (1, ())
    page = shown(explored, "/registry/standards/PL-SPAW?lang=fr")
    for text in ("soudage", f"{ESCO}/skill/of-another-version", "ESCO de la Commission"):
        assert text in page, text


def test_a_qualification_is_shown_whole(explored: Served) -> None:
    page = shown(explored, "/registry/qualifications/PL-full")
    for text in ("Certificate in Pipe Welding", "IV", "Welds.", "40.5", "External audit", "X2"):
        assert text in page
    assert 'href="/registry/PL:PRK@current"' in page
    link = "/registry/evaluate?qualification=Pipe+Welder&registered=PL-full&origin=PL"
    assert f"{link}&destination=NL" in page
    assert f'href="/registry/coverage#source-{CITED}"' in page


def test_what_cites_a_source_leads_to_it(explored: Served) -> None:
    """Whatever page a citation is on, the page of all sources has its anchor."""
    anchors = set(re.findall(r'id="(source-[^"]+)"', shown(explored, "/registry/coverage")))
    for path in PAGES:
        cited = set(re.findall(r'/registry/coverage#(source-[^"]+)"', shown(explored, path)))
        assert cited <= anchors, path


def test_which_fact_decides_is_asked_for_and_said(explored: Served) -> None:
    path = "/registry/evaluate?qualification=Pipe+Welder&origin=PL&destination=NL"
    asked = shown(explored, path)
    assert "<fieldset>" in asked
    assert "To be told for an answer: how many years it took" in re.sub(r"\s+", " ", asked)
    told = shown(explored, f"{path}&duration_years=4")
    assert "Condition met:" in told
    assert "Decided by: how many years it took" in re.sub(r"\s+", " ", told)


def test_a_title_that_is_nearly_right_leads_to_the_right_one(explored: Served) -> None:
    page = shown(explored, "/registry/evaluate?qualification=Pipe+Weldre&origin=PL&destination=NL")
    (near,) = re.findall(r'href="(/registry/evaluate[?][^"]+)">Pipe Welder<', page)
    assert "Rules of the destination are registered" in shown(explored, near)


def test_every_picture_has_a_table_that_says_the_same(explored: Served) -> None:
    page = shown(explored, "/registry/compare?from_framework=PL:PRK&from_level=VI&target=NO")
    assert 'class="bars" aria-hidden="true"' in page
    assert page.count('class="bar"') == 3  # origin, regional framework, destination
    assert page.split('class="bars"')[1].count("<tr>") >= 3
    units = shown(explored, "/registry/standards/DE-PflAPrV?shown=GH-NMC-RGN")
    cells = re.findall(r'<li class="(met|missing|unclear)">', units)
    rows = re.findall(r'class="finding (met|missing|unclear)"', units)
    assert cells == rows
    assert len(cells) == 14


def test_units_of_the_standard_itself_are_met(explored: Served) -> None:
    page = shown(explored, "/registry/standards/ES-FME035_2?have=UC0099_2&have=unknown")
    findings = re.findall(r'class="finding (met|missing|unclear)"', page)
    assert sorted(findings) == ["met", "missing", "missing", "unclear"]
    assert "the competent authority alone decides" in page
    assert "lang=fr" in page
    assert "have=UC0099_2&lang=fr" in page  # the choice goes with the reader's language


def test_changes_say_where_they_came_from(explored: Served) -> None:
    page = shown(explored, "/registry/changes")
    assert "the tests" in page
    assert "seed registry" in page
    assert "the tests" not in shown(explored, "/registry/changes?after=2")


def test_an_answer_is_downloaded_as_a_statement_and_says_when_it_was_replaced(
    served: Served,
) -> None:
    page = shown(served, "/registry/compare?from_framework=PL:PRK&from_level=VI&target=EU:EQF")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    made = state(served, "&".join(f"{name}={value}" for name, value in fields.items()))
    assert made.status_code == 303
    where = made.headers["location"]
    told = shown(served, where)
    assert "In force" in told
    file = re.search(r'href="(/api/v1/comparability-statements/[^"]+/document)"', told)
    assert file is not None
    assert served.get(file[1]).headers["content-disposition"].startswith("attachment")
    served.pass_time(days=2)
    withdraw_what_it_rests_on(served)
    replaced = shown(served, where)
    assert "Replaced" in replaced
    assert "The version that replaced it" in replaced
    newer = re.search(r'href="(/statements/[^"]+)">The version that replaced it', replaced)
    assert newer is not None
    assert "2</dd>" not in shown(served, newer[1])
    day = served.clock.instant.date()
    assert "In force" in shown(served, f"{where}?date={day}")
    assert "No version of it held on that day" in shown(served, f"{where}?date=1999-01-01")
    assert "That day was not understood" in shown(served, f"{where}?date=yesterday")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "from_framework=PL:PRK",
        "from_framework=PL:PRK&from_level=VI&to_country=AQ",
        "from_framework=XX:NONE&from_level=1&to_country=NO",
        "qualification=a&origin=PL&to_country=NL&facts=%7B%22x%22%3A1%7D",
        "qualification=a&origin=PL&to_country=NL&facts=no",
        "from_framework=PL:PRK&from_level=VI&to_country=NO&date=2026-13-01",
        "from_framework=PL:PRK&from_level=%00&to_country=NO",
        "from_framework=%ff",
        "&".join(f"a{n}=1" for n in range(50)),
    ],
)
def test_what_cannot_be_stated_is_said_in_a_sentence(explored: Served, body: str) -> None:
    answer = state(explored, body)
    assert answer.status_code == 422
    assert "There is nothing to state" in answer.text


def test_a_form_that_is_too_large_is_refused(explored: Served) -> None:
    assert state(explored, f"qualification={'x' * 20_000}").status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/registry?q={}",
        "/registry?q=a&jurisdiction={}",
        "/registry/{}",
        "/registry/qualifications/{}",
        "/registry/qualifications?framework={}&after={}",
        "/registry/qualifications?country={}",
        "/registry/standards?country={}&isco={}",
        "/registry/standards/{}",
        "/registry/standards/ES-FME035_2?shown={}",
        "/registry/standards/ES-FME035_2?have={}",
        "/registry/occupations/{}",
        "/registry/changes?after={}",
        "/registry/compare?from_framework=PL:PRK&from_level=VI&target=NO&date={}",
        "/registry/compare?from_framework={}&from_level={}&target={}",
        "/registry/evaluate?qualification={}&origin=PL&destination=NL",
        "/registry/evaluate?qualification=a&origin=PL&destination=NL&date={}&purpose={}",
        "/statements/{}",
        "/statements/{}?date={}",
    ],
)
def test_hostile_text_leads_to_a_page_with_a_sentence(explored: Served, path: str) -> None:
    for text in HOSTILE:
        answer = explored.get(path.replace("{}", text), accept=HTML)
        assert answer.status_code in {200, 400, 404, 414, 422}, text
        assert answer.headers["content-type"].startswith("text/html"), text
        assert "<script" not in answer.text, text
        assert ">49<" not in answer.text, text
