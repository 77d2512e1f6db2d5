"""What a person sees behind a printed QR, and the QR itself."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
import segno
import zxingcpp
from PIL import Image

from skillpassport.web.pages.verification import online_payload
from tests.support.awards import BORN, PERSON, Story
from tests.support.instances import PUBLIC_URL

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON = "application/json"


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
    for path in ("/", f"/v/{code}?destination=NO", f"/v/{'0' * 26}"):
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
    assert "img" not in Page(page.text).tags
    assert "49" not in re.sub(r"[0-9A-Z]{26}", "", page.text).split("Every check")[0]
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
