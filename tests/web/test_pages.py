"""What a person sees behind a printed QR, and the QR itself."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
import segno
import zxingcpp
from PIL import Image

from skillpassport.web.pages.verification import online_payload
from tests.support.awards import BORN, PERSON, Story
from tests.support.instances import PUBLIC_URL, Answer

COMPARED = "/registry/compare?from_framework=PL:PRK&from_level=VI&target=NO"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON = "application/json"
FEW = 10
"""Pages of a kind, where their texts are another language's and their links are not."""


class Page(HTMLParser):
    """Collects what a page would load and which scripts it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in {"src", "srcset", "action", "poster", "data"} or (
                name == "href" and tag != "a"
            ):
                self.loaded.append(value or "")
            if name.startswith("on") or name == "style":
                self.inline.append(name)


def test_the_page_tells_a_person_what_json_tells_a_program(story: Story) -> None:
    made = story.award()
    page = story.served.get(f"/v/{made['code']}?destination=NO", accept=HTML)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for text in (PERSON, BORN, "Welding engineer", "Test college", "NO:NKR"):
        assert text in page.text
    report = story.served.get(f"/v/{made['code']}?destination=NO", accept=JSON)
    assert report.headers["content-type"] == JSON
    assert report.json() == story.verify_code(made["code"], destination="NO")


def test_the_page_speaks_the_readers_language_where_it_can(story: Story) -> None:
    made = story.award()
    page = story.served.get(f"/v/{made['code']}", accept=HTML, accept_language="pl")
    assert "Inżynier spawalnik" in page.text


@pytest.mark.parametrize("action", ["suspend", "revoke", "supersede"])
def test_unless_valid_the_person_is_withheld_everywhere(lasting_story: Story, action: str) -> None:
    made = lasting_story.award()
    lasting_story.change(made["id"], action)
    for accept in (HTML, JSON):
        answer = lasting_story.served.get(f"/v/{made['code']}", accept=accept)
        assert answer.status_code == 200
        for secret in (PERSON, BORN):
            assert secret not in answer.text


@pytest.mark.parametrize("accept", [HTML, JSON])
def test_every_way_to_type_a_code_leads_to_the_page(lasting_story: Story, accept: str) -> None:
    made = lasting_story.award()
    code, grouped = made["code"], made["code_grouped"]
    for path in (f"/v/{code}", f"/V/{code}", f"/v/{grouped}", f"/V/{grouped.lower()}"):
        answer = lasting_story.served.get(path, accept=accept)
        assert (answer.status_code, PERSON in answer.text) == (200, True), path


@pytest.mark.parametrize("accept", [HTML, JSON, "*/*"])
def test_where_nothing_is_the_answer_is_404(lasting_story: Story, accept: str) -> None:
    code = lasting_story.award()["code"]
    wrong_check = code[:-1] + ("0" if code[-1] != "0" else "1")
    for text in (wrong_check, "0" * 26, "1234", "<script>", "%F0%9F%92%A9", "-"):
        answer = lasting_story.served.get(f"/v/{text}", accept=accept)
        assert answer.status_code == 404, text
        assert "<script>" not in answer.text
        qr = lasting_story.served.get(f"/v/{text}/qr.svg", accept=accept)
        assert qr.status_code == (200 if text == "0" * 26 else 404)
        if accept == HTML:
            assert answer.headers["content-type"].startswith("text/html")
            assert answer.headers["x-robots-tag"].startswith("noindex")
        else:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "code-unknown"


def test_pages_tell_nobody_and_load_nothing_from_elsewhere(story: Story) -> None:
    code = story.award()["code"]
    for path, accept in ((f"/v/{code}", HTML), (f"/v/{code}", JSON), (f"/v/{code}/qr.svg", "*/*")):
        headers = story.served.get(path, accept=accept).headers
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert not re.search(r"https?:|\*|unsafe", policy)
    own = ("/", "/verify", "/registry", "/registry/PL:PRK", COMPARED)
    for path in (*own, f"/v/{code}?destination=NO", f"/v/{'0' * 26}"):
        page = Page(story.served.get(path, accept=HTML).text)
        assert page.tags.isdisjoint({"script", "iframe", "object", "embed"})
        assert page.inline == []
        for address in page.loaded:
            assert address.startswith("/"), address
            assert not address.startswith("//")
            assert story.served.get(address).status_code in {200, 303}


HOSTILE = '"><img src=x onerror=alert(1)>{{7*7}}${7*7}'


def test_hostile_names_are_shown_as_text(story: Story) -> None:
    served = story.served
    story.define(
        slug="hostile",
        title={"en": HOSTILE},
        outcomes=[{"code": "x", "statement": {"en": HOSTILE}}],
    )
    made = story.award(achievement="hostile", subject={"name": HOSTILE})
    page = served.get(f"/v/{made['code']}?destination=NO", accept=HTML)
    assert page.status_code == 200
    assert "x" not in Page(page.text).loaded
    assert Page(page.text).inline == []
    assert "49" not in re.sub(r"[0-9A-Z]{26}", "", page.text).split('id="receipt"')[0]
    assert page.text.count("&gt;&lt;img src=x onerror=alert(1)&gt;") >= 3


def test_the_field_for_a_code_leads_to_its_page(story: Story) -> None:
    made = story.award()
    for typed in (made["code"], made["code_grouped"].replace("-", "+"), f"{made['code']}%20"):
        answer = story.served.get(f"/v?code={typed}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/v/{made['code']}")
    hostile = story.served.get("/v?code=//evil.example/..?x")
    assert re.fullmatch(r"/v/[A-Za-z0-9]+", hostile.headers["location"])
    injected = story.served.get("/v?code=x%0d%0aSet-Cookie:x=1")
    assert (injected.status_code, injected.headers.get("set-cookie")) == (400, None)
    assert story.served.get("/v").headers["location"] == "/v/-"


def test_the_qr_is_scanned_as_the_page_of_the_code(story: Story) -> None:
    code = story.award()["code"]
    answer = story.served.get(f"/v/{code}/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    (found,) = zxingcpp.read_barcodes(drawn(answer.text))
    assert found.text == f"HTTPS://PASSPORT.EXAMPLE/V/{code}"
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    # The same payload drawn again, to look at what the picture does not tell.
    symbol = segno.make(found.text, error="m", micro=False)
    assert symbol.mode == "alphanumeric"
    assert int(symbol.version) <= 4
    path = found.text.removeprefix(PUBLIC_URL.upper())
    assert story.served.get(path, accept=JSON).json()["verdict"] == "valid"


def drawn(svg: str) -> Image.Image:
    """Draw the rows of modules that segno writes as one path; a picture needs its name space."""
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    side = int(root.attrib["width"])
    image = Image.new("L", (side, side), 255)
    scale, x, y = 4, 0, 0.0
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        if path.attrib.get("class") != "qrline":
            continue
        for command, arguments in re.findall(r"([Mmh])([-0-9. ]+)", path.attrib["d"]):
            numbers = [float(number) for number in arguments.split()]
            if command == "M":
                x, y = int(numbers[0]), numbers[1]
            elif command == "m":
                x, y = x + int(numbers[0]), y + numbers[1]
            else:
                length = int(numbers[0])
                top = int(y - 0.5) * scale
                image.paste(0, (x * scale, top, (x + length) * scale, top + scale))
                x += length
    return image


@pytest.mark.parametrize(
    ("public_url", "payload"),
    [
        ("https://passport.example", "HTTPS://PASSPORT.EXAMPLE/V/"),
        ("http://localhost:8000", "HTTP://LOCALHOST:8000/V/"),
        ("https://state.example/Skills", "HTTPS://STATE.EXAMPLE/Skills/V/"),
    ],
)
def test_the_payload_is_upper_case_where_case_means_nothing(public_url: str, payload: str) -> None:
    assert online_payload(public_url, "0" * 26) == payload + "0" * 26


# --- /verify: whatever a reader holds ---------------------------------------------------------


def bring(story: Story, file: object = None, **fields: str) -> Answer:
    """Send the form of `/verify` as a browser does."""
    files = {"file": ("credential.json", file, "application/json")} if file is not None else None
    http = story.served.http
    return http.post(
        "/verify",
        data=fields,
        files=files or {"file": ("", b"", "application/octet-stream")},  # type: ignore[arg-type]
        follow_redirects=False,
    )


def face_of(answer: Answer) -> str:
    found = re.search(r'class="verdict (\w+)"', answer.text)
    assert found, answer.text[:2000]
    return found[1]


def test_a_pasted_and_an_uploaded_document_give_the_same_report(lasting_story: Story) -> None:
    document = json.dumps(lasting_story.award()["document"]).encode()
    uploaded = bring(lasting_story, document, destination="NO")
    pasted = bring(lasting_story, text=f"\r\n {document.decode()} \r\n", destination="NO")
    for answer in (uploaded, pasted):
        assert (answer.status_code, face_of(answer)) == (200, "valid")
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        for text in (PERSON, "NO:NKR 6", sha256(document).hexdigest()):
            assert text in answer.text


@pytest.mark.parametrize("written", ["{}", "  {} ", "https://passport.example/v/{}"])
def test_a_code_or_own_link_leads_to_its_page(lasting_story: Story, written: str) -> None:
    code = lasting_story.award()["code"]
    answer = bring(lasting_story, text=written.format(code), destination="NO")
    address = f"/v/{code}?destination=NO"
    assert (answer.status_code, answer.headers["location"]) == (303, address)


def test_what_is_no_credential_is_named_as_what_it_seems_to_be(lasting_story: Story) -> None:
    for content, name in (
        (b'<?xml version="1.0"?><x/>', "an XML document"),
        (b"\xff\xfe\x00", "unknown kind"),
    ):
        answer = bring(lasting_story, content)
        assert (answer.status_code, face_of(answer)) == (200, "unreadable")
        assert name in answer.text


def test_a_changed_document_is_not_valid(lasting_story: Story) -> None:
    document = json.dumps(lasting_story.award()["document"]).replace("2025-06-27", "2025-06-28")
    answer = bring(lasting_story, document.encode())
    assert face_of(answer) == "invalid"
    assert PERSON not in re.sub(r"(?s)<textarea.*?</textarea>", "", answer.text)


def test_a_link_that_is_not_followed_is_no_verdict(lasting_story: Story) -> None:
    for link in ("http://127.0.0.1:1/x", "https://localhost/credential.json"):
        answer = bring(lasting_story, text=link)
        assert (answer.status_code, face_of(answer)) == (200, "undetermined")


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ({}, 422, "Paste something"),
        ({"text": "   "}, 422, "Paste something"),
        ({"text": "0" * 25 + "1"}, 422, "One letter or digit"),
        ({"text": "x" * (1024 * 1024 + 1)}, 400, "The form could not be read"),
        ({"file": b"x" * (1024 * 1024 + 1)}, 413, "one megabyte"),
        ({"file": b"x" * (3 * 1024 * 1024)}, 413, "one megabyte"),
    ],
)
def test_what_cannot_be_taken_is_said_on_the_form(
    lasting_story: Story, content: dict[str, object], status: int, said: str
) -> None:
    answer = bring(lasting_story, **content)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert said in answer.text
    assert '<form action="/verify" method="post"' in answer.text


def test_a_form_that_is_none_is_refused_as_a_page(lasting_story: Story) -> None:
    bodies = [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n" * 5_000),
        ("application/json", b'{"text": "x"}'),
        ("application/x-www-form-urlencoded", b"a=1&" * 50_000),
    ]
    for kind, body in bodies:
        answer = lasting_story.served.http.post(
            "/verify", content=body, headers={"content-type": kind}
        )
        assert answer.status_code in {400, 422}, kind
        assert answer.headers["content-type"].startswith("text/html")


def test_hostile_documents_stay_text(lasting_story: Story) -> None:
    markup = f"</textarea>{HOSTILE}<script>alert(1)</script>"
    document = lasting_story.award()["document"] | {"name": markup}
    answer = bring(lasting_story, text=json.dumps(document), other=HOSTILE)
    assert face_of(answer) == "invalid"
    assert Page(answer.text).tags.isdisjoint({"script", "img", "iframe"})
    assert "&lt;/textarea&gt;" in answer.text, "it is carried along"
    assert 'aria-invalid="true"' in answer.text


# --- choosing a country, a language ------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("destination=NO", "Norway"),
        ("destination=&other=norway", "Norway"),
        ("destination=PL&other=no", "Norway"),
        ("other=Norv%C3%A8ge&lang=fr", "Norvège"),
        ("other=Norway&lang=fr", "Norvège"),
        ("other=%D8%A7%D9%84%D9%86%D8%B1%D9%88%D9%8A%D8%AC&lang=ar", "النرويج"),
    ],
)
def test_a_country_is_chosen_from_the_list_or_typed(
    lasting_story: Story, query: str, place: str
) -> None:
    code = lasting_story.award()["code"]
    page = lasting_story.served.get(f"/v/{code}?{query}", accept=HTML)
    assert re.search(rf'<h2 id="where"[^>]*>[^<]*{place}</h2>', page.text)
    assert "NO:NKR 6" in page.text


def test_no_country_and_an_unknown_one_leave_the_question_open(lasting_story: Story) -> None:
    code = lasting_story.award()["code"]
    for query in ("", "?destination=", "?other=Atlantis", "?destination=&other=+"):
        page = lasting_story.served.get(f"/v/{code}{query}", accept=HTML)
        assert page.status_code == 200
        assert "What it means in your country" in page.text
        assert ("That country was not understood" in page.text) is ("Atlantis" in query)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_every_page_has_its_language_and_keeps_its_address(
    lasting_story: Story, language: str, direction: str
) -> None:
    code = lasting_story.award()["code"]
    addresses = ["/", "/verify", "/registry?q=pqf", "/registry/PL:PRK", COMPARED, f"/v/{code}"]
    addresses += ["/v/unknown", "/registry/XX:NONE"]
    for address in (*addresses, f"/v/{code}?destination=NO"):
        page = lasting_story.served.get(address, accept=HTML, accept_language=language)
        assert f'<html lang="{language}" dir="{direction}">' in page.text
        assert page.headers["content-language"] == language
        assert page.headers["vary"] == "Accept-Language"
        for other in {"en", "fr", "ar"} - {language}:
            path, _, query = address.partition("?")
            kept = f"{path}?{query}&lang={other}" if query else f"{path}?lang={other}"
            assert unescape(page.text).replace("%3A", ":").count(f'href="{kept}"') == 1, address


def test_a_language_that_was_asked_for_stays_asked_for(lasting_story: Story) -> None:
    code = lasting_story.award()["code"]
    found = lasting_story.served.get(f"/v?code={code}&lang=ar")
    assert found.headers["location"] == f"/v/{code}?lang=ar"
    page = lasting_story.served.get("/?lang=ar", accept=HTML)
    own = re.findall(r'href="(/(?:verify|registry)[^"]*)"', page.text)
    assert own
    assert all("lang=ar" in each for each in own)


# --- frameworks and comparisons -----------------------------------------------------------------


def test_frameworks_are_found_by_name_and_by_country(lasting_story: Story) -> None:
    everything = lasting_story.served.get("/registry", accept=HTML).text
    assert everything.count('href="/registry/') > 40
    named = lasting_story.served.get("/registry?q=pqf", accept=HTML).text
    assert "4 frameworks" in named
    of_one = lasting_story.served.get("/registry?jurisdiction=PL&q=", accept=HTML).text
    assert "1 framework<" in of_one
    nothing = lasting_story.served.get("/registry?q=zzzz", accept=HTML).text
    assert "Nothing fits" in nothing


def test_a_framework_is_shown_with_levels_editions_and_sources(lasting_story: Story) -> None:
    page = lasting_story.served.get("/registry/IN:NSQF", accept=HTML)
    assert page.status_code == 200
    for heading in ("Levels", "Editions", "Sources"):
        assert f"<h2>{heading}" in page.text
    editions = set(re.findall(r'href="(/registry/IN:NSQF@[^"]+)"', page.text))
    assert len(editions) == 2
    for address in editions:
        assert lasting_story.served.get(address, accept=HTML).status_code == 200
    assert lasting_story.served.get("/registry/IN:NONE", accept=HTML).status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from_framework=PL:PRK&from_level=VI&target=NO", "Comparable level found"),
        ("from_framework=PL:PRK&from_level=VI&target=EU:EQF", "Comparable level found"),
        ("from_framework=PL:PRK&from_level=VI&other=Norway", "Comparable level found"),
        ("from_framework=GH:NTVETQF&from_level=5&target=NO", "Unknown"),
        ("from_framework=NZ:NZQCF&from_level=8&target=EU:EQF", "No comparable level, as"),
        ("from_framework=PQF&from_level=5&target=EU:EQF", "fits more than one thing"),
    ],
)
def test_a_comparison_is_answered_with_its_disclaimer(
    lasting_story: Story, query: str, said: str
) -> None:
    page = lasting_story.served.get(f"/registry/compare?{query}", accept=HTML)
    assert page.status_code == 200
    assert re.search(rf'class="answer-kind \w+">[^<]*{said}', page.text)
    assert "does not guarantee recognition of a qualification" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from_framework=PL:PRK&from_level=12&target=NO", "has no such level"),
        ("from_framework=XX:NONE&from_level=1&target=NO", "No framework of this name"),
        ("from_framework=PL:PRK@1900&from_level=1&target=NO", "has no edition of this name"),
        ("from_framework=PL:PRK&from_level=VI&other=Atlantis", "No framework of this name"),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(
    lasting_story: Story, query: str, said: str
) -> None:
    page = lasting_story.served.get(f"/registry/compare?{query}", accept=HTML)
    assert page.status_code == 200
    assert said in page.text


def test_bars_and_table_say_the_same(lasting_story: Story) -> None:
    page = lasting_story.served.get(COMPARED, accept=HTML).text
    marked = re.findall(r'<li class="here"><bdi>([^<]+)</bdi>', page)
    assert marked == ["VI", "6", "6"]
    rows = re.findall(r'<th scope="row"><bdi>([^<]+)</bdi></th>\s*<td><bdi>([^<]+)</bdi>', page)
    assert rows == [("PL:PRK", "VI"), ("EU:EQF", "6"), ("NO:NKR", "6")]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_link_leads_somewhere(lasting_story: Story, language: str) -> None:
    """From the first page on: each framework, each edition, each level to compare.

    In English every page; in other languages a few of each kind, which one template makes.
    """
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    ahead = [f"/?lang={language}"]
    while ahead:
        address = ahead.pop()
        kind = urlsplit(address).path.rpartition("/")[0]
        if address in seen or (language != "en" and kinds[kind] == FEW):
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = lasting_story.served.get(address, accept=HTML)
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html"):
            links = {unescape(each) for each in re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text)}
            ahead += links_to_follow(sorted(links - seen), language)
    assert len(seen) > (100 if language == "en" else FEW)


def links_to_follow(links: list[str], language: str) -> list[str]:
    """Return the links in one language; of the comparisons of levels only a few."""
    compared = [each for each in links if "from_level" in each][:1]
    others = [each for each in links if "from_level" not in each]
    return [
        each for each in (*others, *compared) if "lang=" not in each or f"lang={language}" in each
    ]
