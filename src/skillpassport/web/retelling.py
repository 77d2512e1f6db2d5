"""A verification's report in the reader's language: the same codes, other sentences."""

from collections import defaultdict
from collections.abc import Mapping

from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.web.registry_words import split_disclaimer
from skillpassport.web.report_words import REASONS
from skillpassport.web.sentences import SENTENCES
from skillpassport.web.translation import ENGLISH, Translation


def retold(report: JsonObject, translation: Translation) -> JsonObject:
    """Return the report with its sentences in a language; in English it stays as it is.

    English sentences may name what was found; others say what the code stands for.
    """
    if translation.language == ENGLISH:
        return report
    facts = facts_of(report, translation)
    told = report | {
        "remarks": [_retold(each, facts, translation) for each in _objects(report["remarks"])],
        "checks": [_retold(each, facts, translation) for each in _objects(report["checks"])],
        "meaning": retold_meaning(report["meaning"], translation),
    }
    subject = report["subject"]
    if isinstance(subject, dict) and "compare_with" in subject:
        told["subject"] = subject | {"compare_with": translation.text(str(subject["compare_with"]))}
    return told


def retold_meaning(meaning: JsonValue, translation: Translation) -> JsonValue:
    """Return an answer about comparability with its sentences in a language."""
    if translation.language == ENGLISH:
        return meaning
    if not isinstance(meaning, dict) or "explanation" not in meaning:
        return meaning
    sentences = split_disclaimer(str(meaning["disclaimer"]))
    return meaning | {
        "explanation": translation.text(str(meaning["explanation"])),
        "disclaimer": " ".join(translation.text(each) for each in sentences),
        "conflicts": [
            each | {"text": translation.text(str(each["text"]))}
            for each in _objects(meaning["conflicts"])
        ],
    }


def facts_of(report: JsonObject, translation: Translation) -> Mapping[str, str]:
    """Return what sentences may name, as people write it; a dash for what is not told."""
    facts: defaultdict[str, str] = defaultdict(lambda: "—")
    award = report.get("award")
    if isinstance(award, dict):
        facts["awarded_on"] = translation.day(str(award["awarded_on"]))
        facts["recorded_on"] = translation.day(str(award["recorded_at"]))
        if award["valid_until"]:
            facts["valid_until"] = translation.day(str(award["valid_until"]))
        if award["state_since"]:
            facts["state_since"] = translation.day(str(award["state_since"]))
            facts["reason"] = translation.text(REASONS[str(award["reason_code"])])
    return facts


def sentence(code: str, facts: Mapping[str, str], translation: Translation) -> str | None:
    """Return what a code says in a language; None for a code without a sentence."""
    known = SENTENCES.get(code)
    if known is None:
        return None
    dated = known.dated if "state_since" in facts else ""
    return translation.text(dated or known.text) % facts


def remedy(code: str, translation: Translation) -> str:
    """Return what to do about a code in a language; empty where nothing is to be done."""
    known = SENTENCES.get(code)
    return translation.text(known.remedy) if known else ""


def _retold(check: JsonObject, facts: Mapping[str, str], translation: Translation) -> JsonObject:
    code = str(check["code"])
    message = sentence(code, facts, translation)
    if message is None:
        return check
    told = check | {"message": message}
    if "remedy" in check:
        told["remedy"] = remedy(code, translation) or check["remedy"]
    return told


def _objects(value: JsonValue) -> list[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
