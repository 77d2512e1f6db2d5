"""`skillpassport import recognition-rules` and `import agreements`, beside a server that runs."""

import json
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.importing import a_table, some_records
from tests.support.shared_data import shared_data

pytestmark = pytest.mark.slow

RULE = {
    "origin_country": "KI",
    "qualification": "Trade Certificate",
    "comparable_to": "A trade diploma",
    "outcome": "comparable",
    "agreement": "KI-TV",
    "source": "a gazette that was read",
}
AGREEMENT = {"id": "KI-TV", "kind": "mra", "source": "a text", "read": ["text"]}
ASKED = "/api/v1/equivalences?qualification=trade%20certificate&origin=KI&to_country=TV"


def test_rules_of_unseen_countries_answer_at_once_and_get_versions(
    fresh: Commands, home: Path
) -> None:
    (home / "agreements.json").write_bytes(some_records([AGREEMENT | {"in_force": "2020-01-01"}]))
    with fresh.serving() as server:
        assert server.ask(ASKED)[1]["answer"] == "unknown"
        assert fresh.run("import", "agreements", "agreements.json", "--json").json["added"] == 1
        for title, counts in (
            ("A trade diploma", (1, 0, 0)),
            ("Another", (0, 1, 0)),
            ("Another", (0, 0, 1)),
        ):
            (home / "rules.csv").write_bytes(a_table([RULE | {"comparable_to": title}]))
            done = fresh.run(
                "import", "recognition-rules", "rules.csv", "--destination", "tv", "--json"
            )
            assert done.code == 0, done.err
            assert tuple(done.json[name] for name in ("added", "changed", "unchanged")) == counts
        (answer,) = server.ask(ASKED)[1]["answers"]
        assert (answer["basis"], answer["rule"]["version"]) == ("agreement", 2)
        assert server.ask("/api/v1/agreements/KI-TV")[1]["is_in_force"] is True
    assert fresh.run("log", "verify").code == 0


def test_contradictory_rules_are_refused_with_both_lines_and_nothing_comes_in(
    fresh: Commands, home: Path
) -> None:
    plain = RULE | {"agreement": ""}
    (home / "rules.csv").write_bytes(a_table([plain, plain | {"outcome": "partial"}]))
    done = fresh.run("import", "recognition-rules", "rules.csv", "--destination", "TV", "--json")
    assert (done.code, done.json["added"]) == (1, 0)
    assert [(one["line"], one["code"]) for one in done.json["refused"]] == [
        (2, "rules-contradict"),
        (3, "rules-contradict"),
    ]


def test_a_destination_that_is_no_country_is_a_wrong_use(fresh: Commands, home: Path) -> None:
    (home / "rules.csv").write_bytes(a_table([RULE]))
    done = fresh.run("import", "recognition-rules", "rules.csv", "--destination", "Tuvalu")
    assert done.code == 2


@pytest.mark.data
def test_the_published_files_come_in_once(fresh: Commands) -> None:
    folder = shared_data() / "equivalences"
    rules = (
        *("recognition-rules", str(folder / "qualification_recognition_NL.csv")),
        *("--sources", str(folder / "sources.json"), "--destination", "NL"),
    )
    for arguments, rows in ((rules, 78), (("agreements", str(folder / "agreements.json")), 60)):
        first = fresh.run("import", *arguments, "--json", seed="registry")
        assert (first.code, first.json["added"], first.json["refused"]) == (0, rows, [])
        again = fresh.run("import", *arguments, "--json", seed="registry")
        assert (again.json["added"], again.json["unchanged"]) == (0, rows)
    assert json.loads(first.out)["changed"] == 0


def test_decisions_on_single_cases_answer_at_once_and_a_column_about_persons_keeps_all_out(
    fresh: Commands, home: Path
) -> None:
    row = {
        "origin_country": "KI",
        "qualification": "Trade Certificate",
        "comparable_to": "A trade diploma",
        "outcome": "partial",
        "decided_by": "A board",
        "decided_in": "2020",
        "source": "a register",
    }
    (home / "bad.csv").write_bytes(a_table([row | {"applicant": ""}]))
    (home / "good.csv").write_bytes(a_table([row]))
    with fresh.serving() as server:
        bad = fresh.run("import", "precedents", "bad.csv", "--destination", "TV", "--json")
        assert (bad.code, bad.json["added"], bad.json["refused"][0]["column"]) == (
            1,
            0,
            "applicant",
        )
        for counts in ((1, 0), (0, 1)):
            done = fresh.run("import", "precedents", "good.csv", "--destination", "TV", "--json")
            assert (done.json["added"], done.json["unchanged"]) == counts
        (answer,) = server.ask(ASKED)[1]["answers"]
        assert (answer["status"], answer["authoritative"]) == ("precedent", False)
        assert len(server.ask("/api/v1/precedents?origin=KI")[1]["items"]) == 1
    assert fresh.run("log", "verify").code == 0
