"""Tables are read strictly; what is wrong with one is told with its line."""

import string
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.frameworks.importing.problems import RowRefused, TableUnreadable
from skillpassport.frameworks.importing.table_file import MAX_CELL, Table, read_table

REQUIRED = ("framework", "level")

MARKS = "\u0301\u0323"
"""Two accents in the wrong order: to put many of them right takes time by the square of their number."""


def a_table(text: str | bytes, optional: Sequence[str] = ("note",)) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return read_table(data, required=REQUIRED, optional=optional)


def cells_of(text: str | bytes) -> list[tuple[int, str, str, str]]:
    return [(row.line, row["framework"], row["level"], row["note"]) for row in a_table(text).rows]


@pytest.mark.parametrize(
    "text",
    [
        "framework,level\nAA:X,1\n",
        "level,framework\n1,AA:X\n",
        "framework;level\r\nAA:X;1\r\n",
        "framework\tlevel\nAA:X\t1",
        "\ufeffframework,level\n AA:X , 1 \n",
        'framework,level\n"AA:X","1"\n',
        "\nframework,level\rAA:X,1\r",
    ],
)
def test_the_forms_that_spreadsheets_write_are_the_same_table(text: str) -> None:
    assert [cells[1:] for cells in cells_of(text)] == [("AA:X", "1", "")]


def test_a_row_is_named_by_the_line_where_it_begins() -> None:
    text = 'framework,level,note\nA,1,"two\nlines"\n\n , ,\nB,2,\n'
    assert [(line, note) for line, _, _, note in cells_of(text)] == [(2, "two\nlines"), (6, "")]


def test_text_is_composed_so_that_equal_looking_cells_are_equal() -> None:
    assert cells_of("framework,level\nCe\u0301,1\n")[0][1] == "Cé"


@pytest.mark.parametrize(
    ("data", "line", "column", "told"),
    [
        (b"", 1, "", "found nothing"),
        (b"\n\n", 1, "", "found nothing"),
        (b"framework\nA\n", 1, "level", "'level' missing"),
        (b"framework,level,level\nA,1,1\n", 1, "level", "'level' 2 times"),
        (b"framework,level,\nA,1,\n", 1, "", "a name for each column"),
        (b"framework,level,not\nA,1,x\n", 1, "not", "'note' may be meant"),
        (b"framework,level,zz9\nA,1,x\n", 1, "zz9", "known are"),
        (b"framework,level\nA,1\n\xe9,2\n", 3, "", "CSV UTF-8"),
        ("framework,level\n".encode("utf-16"), 1, "", "UTF-16"),
        (b'framework,level\nA,1\n"B,2\nC,3\n', 3, "", "not closed"),
        (b'framework,level\nA,1\n"B"x,2\n', 3, "", "quoted"),
        (b"framework,level\n" + b"A" * 200_000 + b",1\n", 2, "", "larger"),
        (b",".join(b"c%d" % n for n in range(300)) + b",framework,level\n", 1, "", "at most 200"),
        ((f"framework,level,{MARKS * 60_000}\nA,1,\n").encode(), 1, "", "at most 200"),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_line(
    data: bytes, line: int, column: str, told: str
) -> None:
    with pytest.raises(TableUnreadable) as refused:
        cells_of(data)
    assert (refused.value.line, refused.value.column) == (line, column)
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("row", "column", "cause"),
    [
        ("A", "", "row-width"),
        ("A,1,x,y", "", "row-width"),
        ("A\x00,1,", "framework", "cell-characters"),
        ("\u202eA,1,", "framework", "cell-characters"),
        ("A,1\x1b[31m,", "level", "cell-characters"),
        ("A,,", "level", "cell-empty"),
        (f"A,{'1' * (MAX_CELL + 1)},", "level", "cell-too-long"),
        (f"A,{MARKS * 65_000},", "level", "cell-too-long"),
        (f"A,1{MARKS * 9_000},", "level", "cell-characters"),
    ],
)
def test_a_row_that_cannot_be_taken_leaves_the_others_readable(
    row: str, column: str, cause: str
) -> None:
    bad, good = a_table(f"framework,level,note\n{row}\nB,2,\n").rows
    with pytest.raises(RowRefused) as refused:
        (bad.needed("framework"), bad.needed("level"))
    problem = refused.value.at(bad.line)
    assert (problem.line, problem.column, problem.code) == (2, column, cause)
    assert good["level"] == "2"


def test_marks_that_scripts_need_are_kept() -> None:
    assert cells_of("framework,level\nمی\u200cخواهم,क्\u200dष\n")[0][1:3] == (
        "می\u200cخواهم",
        "क्\u200dष",
    )


def test_further_columns_are_passed_over_only_where_that_was_asked_for() -> None:
    table = read_table(b"other,a\n1,2\n", required=("a",), ignores_others=True)
    assert [row["a"] for row in table.rows] == ["2"]


def test_a_list_in_a_cell_names_each_part_once() -> None:
    (row,) = a_table("framework,level,note\nA,1,x; y;;x \n").rows
    assert row.listed("note") == ("x", "y")


CELL = st.text(st.sampled_from(string.ascii_letters + " \",;\t\n\r'é"), max_size=12)


@given(st.lists(st.tuples(CELL, CELL), max_size=8))
def test_what_is_quoted_is_read_back(rows: list[tuple[str, str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = "framework,level\n" + "".join(f"{quoted(a)},{quoted(b)}\n" for a, b in rows)
    expected = [(a.strip(), b.strip()) for a, b in rows if a.strip() or b.strip()]
    assert [(row["framework"], row["level"]) for row in a_table(text).rows] == expected


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        for row in a_table(b"framework,level\n" + data).rows:
            (row["framework"], row["level"])
    except (TableUnreadable, RowRefused):
        pass
