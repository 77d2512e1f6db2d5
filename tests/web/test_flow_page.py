"""All levels of two frameworks, drawn and in a table: what the registry answers, and nothing more."""

import re

import pytest

from skillpassport.equivalence.model import Publication
from skillpassport.web.pages.flows import BOX_WIDTH, HEAD, WIDTH, LevelFlow, draw
from tests.support.registry import a_mapping, a_registry_client, ask
from tests.support.rules import a_ruled_snapshot
from tests.web.api.test_frameworks import HOSTILE

LEVELS = ("1", "2", "3")
MAPPINGS = (
    a_mapping("AA:F 3", "EU:Y 3"),
    a_mapping("BB:F 2", "EU:Y 3"),
    a_mapping("BB:F 3", "EU:Y 3"),
    a_mapping("AA:F 2", "EU:Y 2", publication=Publication.SECONDARY_SOURCE),
    a_mapping("BB:F 1", "EU:Y 2"),
)
SNAPSHOT = a_ruled_snapshot(mappings=MAPPINGS)


def flows() -> list[LevelFlow]:
    return [LevelFlow.of(level, ask(SNAPSHOT, f"AA:F {level}", "BB:F")) for level in LEVELS]


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_each_statement_is_one_line_between_its_two_levels(is_mirrored: bool) -> None:
    picture = draw(
        ("AA:F", LEVELS), ("BB:F", LEVELS), {"EU:Y": LEVELS}, flows(), is_mirrored=is_mirrored
    )
    assert [column.framework for column in picture.columns] == ["AA:F", "EU:Y", "BB:F"]
    xs = [column.middle for column in picture.columns]
    assert xs == sorted(xs, reverse=is_mirrored)
    assert len(picture.lines) == len(MAPPINGS)
    assert sum(line.is_weak for line in picture.lines) == 1
    origin, middle, target = picture.columns
    # The highest level stands at the top; of the framework between only what is met.
    assert [box.notation for box in origin.boxes] == ["3", "2", "1"]
    assert [box.notation for box in middle.boxes] == ["3", "2"]
    assert [box.is_met for box in origin.boxes] == [True, True, False]
    for box in (*origin.boxes, *middle.boxes, *target.boxes):
        assert 0 <= box.x <= WIDTH - BOX_WIDTH
        assert HEAD <= box.y < picture.height


def test_a_long_notation_is_cut_in_its_box_alone() -> None:
    picture = draw(("AA:F", ["Foundation level"]), ("BB:F", LEVELS), {}, [], is_mirrored=False)
    assert picture.columns[0].boxes[0].label == "Foundation…"
    assert picture.lines == ()


def page(query: str, status: int = 200) -> str:
    got = a_registry_client(SNAPSHOT).get(f"/registry/flow?{query}")
    assert got.status_code == status, got.text
    return got.text


def test_the_table_says_what_the_picture_shows() -> None:
    shown = page("from_framework=AA:F&to_framework=BB:F")
    assert shown.count("<path ") == len(MAPPINGS)
    table = shown[shown.index("<tbody>") :]
    assert table.index(">3<") < table.index(">2<") < table.index(">1<")
    assert "<bdi>EU:Y 3</bdi>" in table
    assert "without authority" in table
    assert "Unknown" in table
    assert "not recognition" in shown
    assert not re.search(r'\sstyle="', shown)


def test_a_framework_is_not_drawn_against_itself_nor_without_levels() -> None:
    for query in ("from_framework=AA:F&to_framework=AA:F", "from_framework=XX:F&to_framework=AA:F"):
        shown = page(query)
        assert "<svg" not in shown
        assert 'role="alert"' in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_draw_nothing(text: str) -> None:
    client = a_registry_client(SNAPSHOT)
    asked = {"from_framework": text, "to_framework": "AA:F"}
    got = client.get("/registry/flow", params=asked)
    assert got.status_code in {200, 422}
    assert "<svg" not in got.text
