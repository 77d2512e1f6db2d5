"""Awards of many persons from one file: read strictly, issued together, named by their rows."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from skillpassport.cli.award_files import MAX_FILE_BYTES, read_awards
from skillpassport.frameworks.importing.problems import TableUnreadable
from tests.support.commands import Commands

COMMON: dict[str, object] = {"achievement": "welding"}
HEADER = (
    "name,awarded_on,birth_date,subject_id,valid_until,language,result.Theory,result.Practice\n"
)


def problems(text: str, common: Mapping[str, object] = COMMON) -> list[tuple[int, str, str]]:
    read = read_awards(text.encode(), common)
    return [(each.line, each.column, each.code) for each in read.problems]


# --- reading -------------------------------------------------------------------------------------


def test_a_table_is_read_with_what_all_have_in_common() -> None:
    text = HEADER + (
        "Amina Diallo,2025-06-01,1990-05-16,did:example:1,2030-01-01,fr,82,very good\n"
        "\n"
        '"Ożóg, Łucja",2025-06-02,,,,,,\n'
    )
    read = read_awards(text.encode(), COMMON | {"format": "vc+jwt"})
    (first, one), (second, other) = read.awards
    assert (first, second, read.total, read.problems) == (2, 4, 2, ())
    assert one.subject.name == "Amina Diallo"
    assert (str(one.subject.birth_date), one.subject.id) == ("1990-05-16", "did:example:1")
    assert dict(one.results) == {"Theory": "82", "Practice": "very good"}
    assert (str(one.valid_until), one.language, one.format) == ("2030-01-01", "fr", "vc+jwt")
    assert other.subject.name == "Ożóg, Łucja"
    assert (other.subject.birth_date, other.results, other.language) == (None, {}, None)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",2025-06-01", "name", "cell-empty"),
        ("Amina,", "awarded_on", "cell-empty"),
        ("Amina,June", "awarded_on", "award-invalid"),
        ("Amina,2025-02-30", "awarded_on", "award-invalid"),
        ("=1+1,2025-06-01", "name", "formula-like-text"),
        ("@SUM(A1),2025-06-01", "name", "formula-like-text"),
        ("+cmd|x,2025-06-01", "name", "formula-like-text"),
        ("-Ala,2025-06-01", "name", "formula-like-text"),
        ("Amina,2025-06-01,more", "", "row-width"),
        ("Amina", "", "row-width"),
        ("Am\u202eina,2025-06-01", "name", "cell-characters"),
        ("Am\u200bina,2025-06-01", "name", "award-invalid"),
        ("x" * 501 + ",2025-06-01", "name", "award-invalid"),
    ],
)
def test_a_bad_row_is_named_with_its_column(row: str, column: str, code: str) -> None:
    text = f"name,awarded_on\nGood Person,2025-06-01\n{row}\n-5 °C,2025-06-01\n"
    assert problems(text) == [(3, column, code)]


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (b"", ""),
        (b"name\nAmina\n", "awarded_on"),
        (b"name,awarded_on,mail\nAmina,2025-06-01,a@b\n", "mail"),
        (b"name,awarded_on,result.\nAmina,2025-06-01,a\n", "result."),
        (b"name,name,awarded_on\nAmina,Amina,2025-06-01\n", "name"),
        (b"name,awarded_on\n\xff\xfe,2025-06-01\n", ""),
        (b'name,awarded_on\n"Amina,2025-06-01\n', ""),
        (b"x" * (MAX_FILE_BYTES + 1), ""),
    ],
)
def test_what_is_no_such_table_is_refused_whole(data: bytes, column: str) -> None:
    with pytest.raises(TableUnreadable) as refused:
        read_awards(data, COMMON)
    assert refused.value.column == column


def test_an_array_of_awards_is_read_by_the_rules_of_the_api() -> None:
    good = {"subject": {"name": "Amina"}, "awarded_on": "2025-06-01", "results": {"Theory": 82}}
    bad = {"subject": {"name": ""}, "awarded_on": "2025-06-01", "unknown": 1}
    text = json.dumps([good, bad, 7, good | {"achievement": "other"}])
    read = read_awards(text.encode(), COMMON)
    assert [(place, body.achievement) for place, body in read.awards] == [
        (1, "welding"),
        (4, "welding"),
    ]
    assert {(each.line, each.column) for each in read.problems} == {
        (2, "name"), (2, "unknown"), (3, ""),
    }  # fmt: skip
    assert read.total == 4
    assert problems("[{}]", {}) != []


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_class_is_issued_from_a_table_once(commands: Commands, home: Path) -> None:
    (home / "class.csv").write_text(
        "name,awarded_on,result.Theory\nAmina Diallo,2025-06-01,82\nŁucja Ożóg,2025-06-01,\n",
        "utf-8",
    )
    asked = ("issue", "provider", "--batch", "class.csv", "--achievement", "welding", "--json")
    rehearsed = commands.run(*asked, "--dry-run")
    assert (rehearsed.code, rehearsed.json) == (0, {"total": 2, "rows": [], "issued": []})
    made = commands.run(*asked, "--once", "class-of-June", "--out", "class")
    assert (made.code, made.err) == (0, "")
    told = made.json["issued"]
    assert [each["row"] for each in told] == [2, 3]
    assert len(list((home / "class").iterdir())) == 2
    verified = commands.run("verify", *[each["out"] for each in told], "--json")
    assert verified.code == 0
    again = commands.run(*asked, "--once", "class-of-June")
    assert [each["id"] for each in again.json["issued"]] == [each["id"] for each in told]
    other = commands.run(*asked, "--once", "class-of-June", "--format", "vc+jwt")
    assert (other.code, other.json["error"]["code"]) == (2, "award-invalid")
    assert commands.run("log", "verify").code == 0


@pytest.mark.slow
def test_a_class_with_a_bad_row_is_refused_by_its_rows(commands: Commands, home: Path) -> None:
    (home / "class.csv").write_text(
        "name,awarded_on\nAmina Diallo,2025-06-01\nAmina Ba,2999-01-01\nX,2019-06-01\n", "utf-8"
    )
    asked = ("issue", "provider", "--batch", "class.csv", "--achievement", "welding")
    for further in ((), ("--dry-run",)):
        done = commands.run(*asked, *further, "--json")
        assert (done.code, done.json["issued"], done.json["total"]) == (1, [], 3)
        assert [(each["row"], each["code"]) for each in done.json["rows"]] == [
            (3, "awarded-in-future"),
            (4, "issuer-out-of-period"),
        ]
    in_words = commands.run(*asked)
    assert in_words.out.splitlines()[-1] == "Nothing was issued: 2 of 3 refused."
    (home / "bad.csv").write_text("name,awarded_on,mail\nAmina,2025-06-01,a@b\n", "utf-8")
    unread = commands.run("issue", "provider", "--batch", "bad.csv", *asked[4:], "--json")
    assert (unread.code, unread.json["rows"][0]["column"]) == (1, "mail")
    (home / "many.csv").write_text("name,awarded_on\n" + "A,2025-06-01\n" * 501, "utf-8")
    (home / "none.csv").write_text("name,awarded_on\n", "utf-8")
    for file in ("many.csv", "none.csv"):
        sized = commands.run("issue", "provider", "--batch", file, *asked[4:], "--json")
        assert (sized.code, sized.json["error"]["code"]) == (2, "award-invalid")
    beside = commands.run(*asked, "--name", "Amina", "--json")
    assert (beside.code, beside.json["error"]["code"]) == (2, "award-invalid")
