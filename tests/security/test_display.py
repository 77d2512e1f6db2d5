"""Text that strangers bring, where people read it: the page, its headers, and the log."""

import io
import logging
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from skillpassport.credentials.admitting import SubjectIdUnusable, check_subject
from skillpassport.credentials.model import Subject
from skillpassport.web.logs import ACCESS, JsonLines
from tests.support.awards import Story, a_story, register
from tests.support.instances import ADMINISTRATOR, Served

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}${7*7}"


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs


@pytest.fixture
def story(served: Served) -> Story:
    return a_story(served)


def test_markup_in_every_text_is_shown_as_text(story: Story, served: Served) -> None:
    authority = register(served, "ministry", "authority", name={"en": MARKUP, "pl": MARKUP})
    provider = register(served, "school", name={"en": MARKUP})
    body = {
        "organisation": "school",
        "scope": {"achievements": ["odd"]},
        "valid_from": "2024-01-01",
        "valid_until": "2026-12-31",
    }
    granted = served.post("/api/v1/accreditations", body, authority.key)
    assert granted.status_code == 201
    story.define(
        provider,
        slug="odd",
        title={"en": MARKUP},
        framework=None,
        level=None,
        outcomes=[{"code": MARKUP[:60], "statement": {"en": MARKUP}}],
    )
    made = story.award(
        provider,
        achievement="odd",
        subject={"name": MARKUP},
        results={MARKUP: MARKUP},
        evidence=[{"name": MARKUP, "narrative": MARKUP, "url": "https://x.example/?a=%3Cb%3E"}],
    )
    answer = served.get(f"/v/{made['code']}?destination=NO", accept="text/html")
    assert answer.status_code == 200
    page = Tags(answer.text)
    assert not {"script", "iframe", "object", "base"} & set(page.names)
    own = f"/v/{made['code']}/qr.svg"
    assert [value for name, value in page.attributes if name == "src"] == [own]
    assert page.names.count("img") == 1
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert "&lt;script&gt;" in answer.text, "the text itself is shown"
    assert "{{7*7}}" in answer.text, "and is no template"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "query",
    ["destination=%22%3E%3Cscript%3E", "lang=%3Cscript%3E", "purpose=%3Cb%3E", "x=%3Cscript%3E"],
)
def test_a_query_is_not_reflected(standing_story: Story, query: str) -> None:
    made = standing_story.award(awarded_on="2026-06-01")
    answer = standing_story.served.get(f"/v/{made['code']}?{query}", accept="text/html")
    assert answer.status_code < 500
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    "code", ["%3Cscript%3Ealert(1)%3C%2Fscript%3E", "..%2f..%2fetc%2fpasswd", "%22%3E", "{{7*7}}"]
)
def test_a_code_that_is_none_is_not_reflected(standing: Served, code: str) -> None:
    answer = standing.get(f"/v/{code}", accept="text/html")
    assert answer.status_code == 404
    assert not {"<script", "passwd", "49"} & set(answer.text.split())
    assert "alert" not in answer.text


ACCEPTED = [
    "Zażółć Gęślą",
    "مریم ک\u200cریمی",  # a joiner that Persian is spelled with
    "ශ්\u200dරී",
    "Nguyễn Thị Ánh",
    "李小龙",
    "=1+1",  # formula-like text is a matter of exports
    "O'Brien <jr>",
]
REFUSED = {
    "override": "Ann\u202egnihtyreve",
    "isolate": "Ann\u2066x\u2069",
    "mark": "Ann\u200fx",
    "new line": "Ann\nVerdict: valid",
    "carriage return": "Ann\rx",
    "line separator": "Ann\u2028x",
    "paragraph separator": "Ann\u2029x",
    "escape": "Ann\x1b[2J",
    "next line": "Ann\x85x",
    "null": "Ann\0",
    "zero width space": "An\u200bn",
    "byte order mark": "\ufeffAnn",
    "soft hyphen": "A\u00adnn",
    "tag": "Ann\U000e0041",
    "nothing but a filler": "\u3164",
    "nothing but joiners": "\u200d\u200c",
    "nothing but spaces": " \u3000\u00a0",
    "private use": "\ue000",
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_name_in_any_script_is_kept_as_it_is(standing_story: Story, name: str) -> None:
    made = standing_story.award(awarded_on="2026-06-01", subject={"name": name})
    assert standing_story.verify_code(made["code"])["subject"]["name"] == name


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_a_name_that_reads_as_another_is_refused(standing_story: Story, name: str) -> None:
    for refused in (
        standing_story.ask_to_award(subject={"name": name}),
        standing_story.ask_to_define(slug="other", title={"en": name}),
        standing_story.served.post(
            "/api/v1/organisations",
            {"slug": "odd", "name": {"en": name}, "kind": "provider", "country": "PL"},
            ADMINISTRATOR,
        ),
    ):
        assert refused.status_code == 422
        assert name.strip() not in refused.text or not name.strip()


IDENTIFIERS = [
    "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
    "did:web:passport.example:people:1",
    "https://person.example/ann?x=1#me",
    "http://localhost:8000/ann",
    "urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
    "mailto:ann@person.example",
    "tel:+233201234567",
    "acct:ann@social.example",
]
UNUSABLE = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "javascript://person.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "blob:https://person.example/1",
    "file:///etc/passwd",
    "intent://scan/#Intent;end",
    "view-source:https://person.example",
    "//person.example/ann",
    "ann",
    "did:key:z6Mk javascript:alert(1)",
    "https:javascript:alert(1)",
    "https://",
    "mailto:ann",
    "mailto:ann\r\nBcc:x@y.example",
    "urn:x",
    "tel:",
    "",
]


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_an_identifier_that_names_a_person_is_signed(
    standing_story: Story, identifier: str
) -> None:
    subject = {"name": "Ann Owusu", "id": identifier}
    made = standing_story.award(awarded_on="2026-06-01", subject=subject)
    assert made["document"]["credentialSubject"]["id"] == identifier
    assert standing_story.verify_code(made["code"])["subject"]["id"] == identifier


@pytest.mark.parametrize("identifier", UNUSABLE)
def test_an_identifier_that_would_run_or_name_nobody_is_never_signed(
    standing_story: Story, identifier: str
) -> None:
    subject = {"name": "Ann Owusu", "id": identifier}
    refused = standing_story.ask_to_award(awarded_on="2026-06-01", subject=subject)
    assert refused.status_code == 422
    made = standing_story.award(awarded_on="2026-06-01")
    changed = standing_story.change(made["id"], "supersede", subject={"id": identifier})
    assert changed.status_code == 422
    with pytest.raises(SubjectIdUnusable):
        check_subject(Subject(name="Ann Owusu", id=identifier))


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ACCESS.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "headers",
    [
        {"x_request_id": 'abcdefgh","level":"x'},
        {"x_request_id": "a" * 65},
        {"user_agent": 'x"}\u00e9', "accept_language": "en;q=2, <b>;q=1" * 300},
        {"idempotency_key": "forged-line"},
    ],
)
def test_headers_reach_neither_log_nor_answer(
    standing: Served, lines: io.StringIO, headers: dict[str, str]
) -> None:
    sent = {
        name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()
    }
    answer = standing.http.get("/livez", headers=sent)
    assert answer.status_code == 200
    assert answer.headers["x-request-id"].isalnum()
    for value in headers.values():
        assert value not in lines.getvalue()
        assert value not in str(answer.headers)
