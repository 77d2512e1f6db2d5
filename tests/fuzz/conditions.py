"""Fuzz target: structured conditions of rules, judged by facts that somebody gave."""

from contextlib import suppress

from skillpassport.equivalence.conditions import Condition, ConditionMalformed, Met
from skillpassport.equivalence.questions import FactMistyped, FactUnknown, check_facts
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object, write


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a condition that is another once it was written.

    data: `when` and `facts`, an object each; or the condition alone
    """
    with suppress(ConditionMalformed):
        Condition.read(data.decode("utf-8", "replace"))
    try:
        given = parse_object(data)
    except StrictJsonError:
        return
    when, facts = given.get("when"), given.get("facts")
    if isinstance(when, dict):
        with suppress(ConditionMalformed):
            _judge(Condition.of(when), facts if isinstance(facts, dict) else {})


def _judge(condition: Condition, facts: JsonObject) -> None:
    assert Condition.read(write(condition.to_json()).decode()) == condition
    assert condition.judge({}) is Met.UNKNOWN
    with suppress(FactUnknown, FactMistyped):
        known = check_facts(facts)
        met = condition.judge(known)
        if not condition.missing(known):
            assert met is not Met.UNKNOWN
