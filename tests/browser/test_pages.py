"""Every page as a browser shows it: accessible, mirrored, complete without a script or a stranger."""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.rules import RuleOutcome, RuleResult
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.model import SourceId
from skillpassport.web.pages.verification import online_payload
from skillpassport.web.pictures import PictureReader
from tests.support.awards import Story, Telling, sign_outside_register
from tests.support.browser import DESKTOP, PHONE, follow, watching
from tests.support.instances import PUBLIC_URL, Served
from tests.support.patience import PATIENCE
from tests.support.rules import a_rule, an_agreement
from tests.support.taxonomies import a_full_qualification, a_taxonomy
from tests.support.web import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRAVE = {"serious", "critical"}
LONGEST_LIST = 20
"""Rows that axe-core looks at; some hundred would take it a quarter of a minute."""
COMPARISON = "/registry/compare?from_framework=PL:PRK&from_level=VI&target=NO"
EVALUATION = "/registry/evaluate?qualification=Pipe+Welder&origin=PL&destination=NL"
EXPLORED = (
    "/registry?q=weldnig",
    "/registry/EU:EQF",
    "/registry/qualifications",
    "/registry/qualifications/PL-full",
    EVALUATION,
    "/registry/standards",
    "/registry/standards/ES-FME035_2?have=UC0099_2&shown=BD-EIM",
    "/registry/occupations/7212.3",
    "/registry/changes",
    "/registry/changes/2",
    "/registry/precedents",
    "/registry/flow?from_framework=PL:PRK&to_framework=NL:NLQF",
    "/registry/agreements",
    "/registry/agreements/PL-NL-2020",
)
"""Pages of the registry that need no credential."""


AGREEMENT = an_agreement(
    slug="PL-NL-2020",
    origins=("PL",),
    destinations=("NL",),
    parties=("A ministry", "A union"),
    details={"sector": "metal", "read": ["parties"], "odd_member": ["first", "second"]},
)


def a_precedent() -> Precedent:
    return Precedent(
        id=PrecedentId("precedent-1"),
        origin="PL",
        destination="NL",
        title="Pipe Welder",
        result=RuleResult(outcome=RuleOutcome.PARTIAL, comparable_to="Two years"),
        decided_by="A board",
        decided_in=2024,
        sources=(SourceId("NL-PL"),),
        differences=("No practice in MIG welding",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A served instance with a credential for each face.

    brought: documents that lead to a face, to be pasted into `/verify`
    """

    address: str
    codes: dict[str, str]
    brought: dict[str, str]

    def open(self, page: Page, path: str, language: str) -> None:
        """Show a page in a language."""
        page.goto(f"{self.address}{path}{'&' if '?' in path else '?'}lang={language}")

    def show(self, page: Page, face: str, language: str) -> None:
        """Show a face of the report, by its code or by pasting a document."""
        if face in self.codes:
            self.open(page, f"/v/{self.codes[face]}?destination=NO", language)
            return
        self.open(page, "/verify", language)
        page.fill("#text", self.brought[face])
        page.select_option("#destination", "NO")
        follow(page, "main button")


@pytest.fixture(scope="module")
def site(
    browser: Browser, story_template: Telling, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve one instance for all tests of this module."""
    with story_template.again(tmp_path_factory.mktemp("site") / "var") as story:
        made = {
            "valid": story.award(),
            "invalid": story.award(),
        }
        story.change(made["invalid"]["id"], "revoke")
        fill_registry(story.served)
        # One that waits longer for a decoder, on a machine that runs a browser beside it.
        story.served.http.app.state.pictures = PictureReader(seconds=PATIENCE)  # type: ignore[attr-defined]
        with served(story.served.http.app) as port:  # type: ignore[arg-type]
            yield Site(
                address=f"http://127.0.0.1:{port}",
                codes={face: award["code"] for face, award in made.items()},
                brought={
                    "undetermined": unregistered(story, made["valid"]["document"]),
                    "unreadable": "An assurance on paper",
                },
            )


def fill_registry(served: Served) -> None:
    """Bring in a qualification, a rule about it and a classification."""
    rule = a_rule(
        title="Pipe Welder",
        origin="PL",
        destination="NL",
        when={"duration_years": {"min": 4}},
        condition="four years",
        levels={"NL:NLQF": ("4",)},
        sources=("NL-PL",),
    )
    with served.instance.database.transaction() as work:
        full = dataclasses.replace(a_full_qualification(), sources=(SourceId("NL-PL"),))
        work.qualifications.add([full], origin="the tests", now=lambda: work.now)
        work.taxonomies.add(a_taxonomy(), origin="the tests", now=lambda: work.now)
        content = RegistryContent(
            rules=(rule,), agreements=(AGREEMENT,), precedents=(a_precedent(),)
        )
        work.frameworks.revise(content, origin="the tests", now=work.now)


def unregistered(story: Story, document: dict[str, Any]) -> str:
    """Return a credential that its issuer signed and never recorded."""
    other = document | {"id": "urn:uuid:00000000-0000-4000-8000-000000000001"}
    return json.dumps(sign_outside_register(story.served, story.provider, other))


AXE = Axe()
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


SHORTEN = f"""
document.querySelectorAll("tbody, ul, ol").forEach(list => {{
  const each = Math.ceil(list.children.length / {LONGEST_LIST});
  Array.from(list.children).forEach((item, at) => at % each && item.remove());
}})
"""
"""Takes rows from long lists, evenly; one template makes them all."""


def grave_violations(page: Page) -> list[str]:
    """Return what axe-core finds serious, with the elements."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [
        f"{each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in GRAVE
    ]


def assert_sound(page: Page, site: Site, asked: set[str], complaints: list[str]) -> None:
    """Assert what holds of every page, at phone and desktop width."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert overflow(page) == 0
    page.evaluate(SHORTEN)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert grave_violations(page) == []
    assert complaints == []
    host = urlsplit(site.address).netloc
    assert {urlsplit(each).netloc for each in asked} == {host}


def overflow(page: Page) -> int:
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def test_a_planted_violation_is_found(browser: Browser) -> None:
    with watching(browser) as watched:
        watched.page.set_content(
            "<html lang=en><title>Planted</title><img><p style='color:#eee'>Hardly seen"
        )
        assert [each.partition(":")[0] for each in grave_violations(watched.page)] == [
            "color-contrast",
            "image-alt",
        ]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("face", ["valid", "invalid", "undetermined", "unreadable"])
def test_every_face_of_a_report_is_sound(
    browser: Browser, site: Site, face: str, language: str
) -> None:
    with watching(browser) as watched:
        site.show(watched.page, face, language)
        assert watched.page.locator(f".verdict.{face}").count() == 1
        assert_sound(watched.page, site, watched.asked, watched.complaints)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    "path",
    ["/", "/verify", "/registry?q=pqf", "/registry/GH:NTVETQF", COMPARISON, *EXPLORED],
)
def test_every_other_page_is_sound(browser: Browser, site: Site, path: str, language: str) -> None:
    with watching(browser) as watched:
        site.open(watched.page, path, language)
        assert_sound(watched.page, site, watched.asked, watched.complaints)


def test_the_page_of_all_countries_and_sources_is_sound(browser: Browser, site: Site) -> None:
    """At one width, since it is so long that looking at it takes seconds."""
    with watching(browser, viewport=PHONE) as watched:
        site.open(watched.page, "/registry/coverage", "ar")
        assert grave_violations(watched.page) == []
        assert overflow(watched.page) == 0
        assert watched.complaints == []


@pytest.mark.parametrize("path", ["/", "/verify", "/registry", COMPARISON, *EXPLORED])
def test_pages_fit_the_narrowest_phone_and_the_dark(
    browser: Browser, site: Site, path: str
) -> None:
    """320 pixels are what WCAG 2.2 asks of reflow (1.4.10)."""
    narrow = {"width": 320, "height": 640}
    with watching(browser, viewport=narrow, color_scheme="dark") as watched:
        site.open(watched.page, path, "fr")
        assert overflow(watched.page) == 0
        assert grave_violations(watched.page) == []


SMALL = """
Array.from(document.querySelectorAll("a, button, summary, input, select, textarea"))
  .filter(each => !each.matches("[type=hidden], [hidden], .skip, label > input, p > a:not(:only-child)"))
  .map(each => [each.outerHTML.slice(0, 90), Math.round(each.getBoundingClientRect().height)])
  .filter(([_, height]) => height > 0 && height < 44)
"""


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_what_a_finger_presses_is_large_enough(browser: Browser, site: Site, language: str) -> None:
    """Links inside a sentence excepted, as WCAG 2.2 does (2.5.5 and 2.5.8).

    A box to tick is pressed on the whole of its label.
    """
    report = f"/v/{site.codes['valid']}"
    with watching(browser, viewport=PHONE) as watched:
        pages = ("/", "/verify", "/registry?q=pqf", "/registry/PL:PRK", "/registry/coverage")
        for path in (*pages, *EXPLORED, COMPARISON, report):
            site.open(watched.page, path, language)
            assert watched.page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_refusal_is_a_page_for_people(browser: Browser, site: Site, language: str) -> None:
    with watching(browser) as watched:
        site.open(watched.page, "/nowhere", language)
        assert watched.page.locator(".verdict.refused h1").count() == 1
        assert "(404)" in watched.page.locator("main").inner_text()
        watched.complaints.clear()  # the browser complains of every refusal
        assert_sound(watched.page, site, watched.asked, watched.complaints)


def left_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"]


def test_right_to_left_mirrors_everything(browser: Browser, site: Site) -> None:
    pairs = [
        (".brand", ".languages"),
        (".verdict .sign", ".verdict h1"),
        (".bar li:first-child", ".bar li:last-child"),
        (".checks .outcome", ".checks .said-of"),
        ("#who", "#what"),
        (".facts div:nth-child(2)", ".facts div:nth-child(3)"),
    ]
    with watching(browser, viewport=DESKTOP) as watched:
        for language, is_mirrored in (("en", False), ("ar", True)):
            site.show(watched.page, "valid", language)
            for first, second in pairs:
                comes_later = left_of(watched.page, first) > left_of(watched.page, second)
                assert comes_later is is_mirrored, (language, first)
            edge = watched.page.locator(".verdict").evaluate(
                "each => getComputedStyle(each).borderRightWidth"
            )
            assert (edge == "8px") is is_mirrored


def test_everything_is_reached_by_the_keyboard_and_shows_it(browser: Browser, site: Site) -> None:
    with watching(browser, viewport=DESKTOP) as watched:
        page = watched.page
        site.open(page, "/verify", "en")
        page.locator("details").evaluate("each => { each.open = true }")
        controls = page.locator("a, button, select, textarea, input:not([type=hidden])").count()
        reached = []
        for _ in range(controls + 1):  # and what opens the field for another country
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "[document.activeElement.tagName, document.activeElement.id, "
                    "getComputedStyle(document.activeElement).outlineStyle]"
                )
            )
        assert [name for _, name, _ in reached if name] == ["text", "file", "destination", "other"]
        assert reached[-1][0] == "BUTTON"
        assert {outline for _, _, outline in reached} == {"solid"}


def test_verifying_needs_no_script(browser: Browser, site: Site) -> None:
    with watching(browser, java_script_enabled=False) as watched:
        site.open(watched.page, "/", "ar")
        watched.page.fill("#code", site.codes["valid"])
        follow(watched.page, "main button")
        assert watched.page.locator(".verdict.valid").count() == 1
        assert watched.page.locator("html[lang=ar][dir=rtl]").count() == 1
        watched.page.click("form.ask summary")
        watched.page.fill("#other", "Norge")
        follow(watched.page, "form.ask button")
        assert watched.page.locator("#other[aria-invalid=true]").count() == 1
        watched.page.fill("#other", "Norway")
        follow(watched.page, "form.ask button")
        assert watched.page.locator(".answer-kind.found").count() == 1


def test_an_answer_becomes_a_statement_without_a_script(browser: Browser, site: Site) -> None:
    with watching(browser, viewport=PHONE, java_script_enabled=False) as watched:
        page = watched.page
        site.open(page, COMPARISON, "ar")
        follow(page, ".next button")
        assert page.locator("html[lang=ar][dir=rtl]").count() == 1
        assert page.locator(".answer-kind.found").count() >= 1
        assert "/api/v1/comparability-statements/" in str(
            page.locator(".keep a.button").get_attribute("href")
        )
        follow(page, ".keep button")
        assert page.locator(".verdict.valid, .verdict.remarks").count() == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_a_statement_is_sound(browser: Browser, site: Site, language: str) -> None:
    with watching(browser) as watched:
        site.open(watched.page, COMPARISON, language)
        follow(watched.page, ".next button")
        assert_sound(watched.page, site, watched.asked, watched.complaints)
        watched.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        assert watched.page.evaluate(SMALL) == []


def test_another_country_can_be_chosen_for_what_was_pasted(browser: Browser, site: Site) -> None:
    with watching(browser) as watched:
        site.show(watched.page, "undetermined", "en")
        before = watched.page.locator(".receipt .code").inner_text()
        watched.page.select_option("#destination", "PL")
        follow(watched.page, "form.ask button")
        assert "Poland" in watched.page.locator("#where").inner_text()
        assert watched.page.locator(".receipt .code").inner_text() == before


def test_the_code_on_the_page_is_scanned_from_the_screen(browser: Browser, site: Site) -> None:
    """In the dark, where a code without a ground of its own would be lost."""
    code = site.codes["valid"]
    with watching(browser, viewport=PHONE, color_scheme="dark") as watched:
        site.open(watched.page, f"/v/{code}", "ar")
        picture = Image.open(BytesIO(watched.page.screenshot(full_page=True)))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == online_payload(PUBLIC_URL, code)


def test_a_photo_of_the_code_leads_to_the_report(browser: Browser, site: Site) -> None:
    with watching(browser, viewport=PHONE) as watched:
        page = watched.page
        site.open(page, f"/v/{site.codes['valid']}", "en")
        photo = page.locator("img.qr").screenshot(type="jpeg")
        site.open(page, "/verify", "en")
        page.set_input_files("#file", {"name": "qr", "mimeType": "image/jpeg", "buffer": photo})
        follow(page, "main button")
        assert page.locator(".verdict.valid").count() == 1


def test_a_report_is_printed_as_a_receipt(browser: Browser, site: Site) -> None:
    with watching(browser) as watched:
        site.show(watched.page, "valid", "en")
        watched.page.emulate_media(media="print")
        for hidden in (".top nav", "form", "summary", ".again"):
            assert not watched.page.locator(hidden).first.is_visible(), hidden
        for shown in (".verdict h1", ".receipt time", ".receipt .code", ".checks"):
            assert watched.page.locator(shown).first.is_visible(), shown
