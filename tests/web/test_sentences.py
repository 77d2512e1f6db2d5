"""Every code that a report can carry has a sentence, and reports are retold with it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import skillpassport.credentials.code
import skillpassport.equivalence
import skillpassport.net.errors
import skillpassport.vc
from skillpassport import meaning
from skillpassport.credentials import telling
from skillpassport.credentials.model import ReasonCode, State
from skillpassport.equivalence import comparing, qualifications, weighing
from skillpassport.errors import SkillPassportError
from skillpassport.vc.report import CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.registry_words import WHOLE_SENTENCES, split_disclaimer
from skillpassport.web.report_words import CHECK_NAMES, OUTCOMES, REASONS
from skillpassport.web.retelling import retold
from skillpassport.web.sentences import FACTS, FACTS_OF_STATE, SENTENCES
from skillpassport.web.translation import translation
from tests.support.awards import Story

SOURCE = Path(skillpassport.vc.__file__).parents[1]
REPORTING = [
    *sorted((SOURCE / "vc/checks").glob("*.py")),
    SOURCE / "vc/verify.py",
    SOURCE / "vc/presentations/checks.py",
    SOURCE / "vc/presentations/verify.py",
    *(
        SOURCE / "credentials" / name
        for name in ("trust.py", "verifying.py", "telling.py", "revoked_keys.py")
    ),
]
"""Where checks of reports are made."""

KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
NAMES_OF_CHECKS = {"issuer-trust", "award-register", "issuer-accreditation", "award-status"}
ERRORS_IN_REPORTS = (
    "skillpassport.vc",
    "skillpassport.net.errors",
    "skillpassport.credentials.code",
)


def written_codes() -> set[str]:
    """Return every text that looks like a code where reports are made."""
    return {
        node.value
        for path in REPORTING
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KEBAB.fullmatch(node.value)
    } - NAMES_OF_CHECKS


def error_codes() -> set[str]:
    """Return the codes of the errors that a check can end with."""
    for module in pkgutil.walk_packages(skillpassport.vc.__path__, "skillpassport.vc."):
        importlib.import_module(module.name)
    return {
        kind.code
        for kind in descendants(SkillPassportError)
        if kind.__module__.startswith(ERRORS_IN_REPORTS) and "code" in vars(kind)
    }


def descendants(kind: type[SkillPassportError]) -> Iterator[type[SkillPassportError]]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_code_of_a_report_has_a_sentence() -> None:
    states = {f"credential-{state}" for state in State if state is not State.GOOD}
    codes = written_codes() | error_codes() | states | {"sandbox"}
    assert len(codes) > 100
    assert codes - SENTENCES.keys() == set(), "add a sentence to web/sentences.py for each"
    assert SENTENCES.keys() - codes == set(), "no report carries these any more"


def test_every_check_and_outcome_has_a_name() -> None:
    assert {*CheckName, *NAMES_OF_CHECKS, "sandbox", "remark"} == CHECK_NAMES.keys()
    assert {*Outcome} == OUTCOMES.keys()


def test_sentences_name_only_what_reports_carry() -> None:
    for code, sentence in SENTENCES.items():
        assert sentence.text % dict.fromkeys(FACTS, "x"), code
        assert "%" not in sentence.remedy, code
        assert sentence.dated % dict.fromkeys(FACTS_OF_STATE, "x") or not sentence.dated, code


def test_every_reason_has_words() -> None:
    assert {*ReasonCode} == REASONS.keys()


@pytest.mark.parametrize(
    ("lang", "day", "why"),
    [
        ("en", "2 March 2026", "fraud"),
        ("fr", "2 mars 2026", "fraude"),
        ("ar", "2026", "احتيال"),
    ],
)
def test_a_page_says_since_when_and_why_in_the_readers_language(
    story: Story, lang: str, day: str, why: str
) -> None:
    made = story.award()
    story.change(made["id"], "revoke", reason="Zuzanna paid for it.", reason_code="fraud")
    page = story.served.get(f"/v/{made['code']}?lang={lang}", accept="text/html").text
    assert day in page
    assert why in page
    assert "Zuzanna" not in page
    report = story.served.post(f"/api/v1/verifications?lang={lang}", {"code": made["code"]}).json()
    assert why in report["remarks"][0]["message"] or lang == "en"
    assert (report["award"]["state"], report["award"]["reason_code"]) == ("revoked", "fraud")


@pytest.mark.parametrize("module", [comparing, qualifications, weighing, meaning, telling])
def test_every_whole_sentence_of_an_answer_can_be_translated(module: object) -> None:
    """Long texts of the modules that explain; a new one is added to `WHOLE_SENTENCES`."""
    path = Path(str(vars(module)["__file__"]))
    texts = {
        node.value
        for node in without_docstrings(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value[:1].isupper()
        and node.value.endswith(".")
        and " " in node.value
    }
    retold_by_code = {each.remedy for each in SENTENCES.values()} | {
        "Ask the holder for the document itself, or try again later."
    }
    assert texts - set(WHOLE_SENTENCES) - retold_by_code == set()


def without_docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    attribute_docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    yield from (n for n in ast.walk(tree) if id(n) not in docstrings | attribute_docs)


def test_a_disclaimer_falls_into_sentences_that_can_be_translated() -> None:
    publisher = "The publisher states that this comparison does not guarantee recognition."
    whole = f"{comparing.DISCLAIMER} {publisher}"
    assert split_disclaimer(whole) == (comparing.DISCLAIMER, publisher)
    assert split_disclaimer(f"{whole} Own words.") == (
        comparing.DISCLAIMER,
        publisher,
        "Own words.",
    )
    assert split_disclaimer("Own words.") == ("Own words.",)


@pytest.mark.parametrize(("lang", "word"), [("fr", "Norvège"), ("ar", "النرويج")])
def test_the_api_speaks_the_language_that_is_asked_for(
    lasting_story: Story, lang: str, word: str
) -> None:
    story, made = lasting_story, lasting_story.award(valid_until="2026-04-01")
    body = {"code": made["code"], "destination": "NO"}
    english = story.served.post("/api/v1/verifications", body).json()
    asked = story.served.post(f"/api/v1/verifications?lang={lang}", body).json()
    accepted = story.served.post("/api/v1/verifications", body, accept_language=lang).json()
    page = story.served.get(f"/v/{made['code']}?destination=NO&lang={lang}", accept="text/html")
    assert asked == accepted
    assert [each["code"] for each in asked["checks"]] == [c["code"] for c in english["checks"]]
    for told, original in zip(asked["checks"], english["checks"], strict=True):
        assert told["message"] != original["message"]
        assert "%(" not in told["message"]
    for part in ("explanation", "disclaimer"):
        assert asked["meaning"][part] != english["meaning"][part]
    assert asked["subject"]["compare_with"] != english["subject"]["compare_with"]
    assert word in page.text
    assert asked["remarks"][0]["message"] in page.text.replace("&#39;", "'")


def test_a_code_without_a_sentence_keeps_its_own() -> None:
    check: JsonObject = {"code": "of-tomorrow", "message": "New."}
    report: JsonObject = {"remarks": [check], "checks": [check], "meaning": {}, "subject": None}
    assert retold(report, translation("fr"))["checks"] == [check]
