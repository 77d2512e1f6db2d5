"""The page on recognition rules: its table comes in as it stands, and answers as it says."""

import re

from skillpassport.equivalence.importing.recognition_rules import (
    OPTIONAL,
    REQUIRED,
    read_rule_file,
)
from skillpassport.equivalence.questions import FACT_NAMES
from skillpassport.equivalence.rules import RuleOutcome
from skillpassport.frameworks.model import Source, SourceId
from tests.support.checkout import CHECKOUT
from tests.support.registry import a_registry_client, the_seed
from tests.support.rules import with_rules

PAGE = (CHECKOUT / "docs" / "how-to" / "write-recognition-rules.md").read_text()


def test_the_table_of_the_page_comes_in_and_answers() -> None:
    found = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    source = Source(id=SourceId("XY-TABLE"), title="A table", where="an address", read="table")
    reading = read_rule_file(found[1].encode(), {source.id: source}, the_seed(), destination="XY")
    assert reading.problems == ()
    with a_registry_client(with_rules(reading)) as client:
        asked = {"qualification": "Secondary certificate", "origin": "XZ", "to_country": "XY"}
        facts = {"facts": '{"subjects_passed": {"A": 3, "B": 3}}'}
        body = client.get("/api/v1/equivalences", params=asked | facts).json()
    assert [(one["target"]["title"], one["conditions"]["met"]) for one in body["answers"]] == [
        ("General diploma", True),
        ("Lower diploma", False),
    ]


def test_the_page_names_every_column_fact_and_outcome() -> None:
    for name in (*REQUIRED, *OPTIONAL, *FACT_NAMES, *RuleOutcome):
        assert f"`{name}`" in PAGE, name
