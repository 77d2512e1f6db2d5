"""How the levels of one framework lead to those of another, drawn: columns of levels, lines between.

What is drawn are the steps of the registry's own answers, level by level; nothing is added. The
picture is plain SVG whose colours come from the style sheet; the table beside it says the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skillpassport.equivalence.answer import Answer, AnswerKind, LevelAnswer, Place
from skillpassport.equivalence.level_chains import comparable, current
from skillpassport.equivalence.model import Publication

WIDTH: Final = 360
"""Of the picture, in units that are about a phone's pixels."""

ROW: Final = 34
HEAD: Final = 30
BOX_WIDTH: Final = 84
BOX_HEIGHT: Final = 26
LONGEST: Final = 11
"""Letters of a notation in its box; the table has the whole."""

_MOST_LEVELS: Final = 60
"""Of one column; no framework has nearly as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFlow:
    """What one level comes to.

    kind: of the answer about it
    answers: those that name a level
    """

    level: str
    kind: AnswerKind
    answers: tuple[LevelAnswer, ...]

    @classmethod
    def of(cls, level: str, answer: Answer) -> "LevelFlow":
        """Return what an answer says of a level that holds today."""
        return cls(level=level, kind=answer.kind, answers=comparable(current(answer.answers)))


Side = tuple[str, Sequence[str]]
"""Id of a framework, and its levels from the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One level in the picture; `x` and `y` are its upper left corner."""

    x: float
    y: float
    notation: str
    is_met: bool

    @property
    def label(self) -> str:
        """The notation as it fits."""
        fits = len(self.notation) <= LONGEST
        return self.notation if fits else f"{self.notation[: LONGEST - 1]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement, from the edge of a box to that of another.

    path: the curve, as SVG writes it
    is_weak: whether it rests on somebody else's publication
    """

    path: str
    is_weak: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The levels of one framework, highest first."""

    framework: str
    middle: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The whole picture."""

    width: int
    height: int
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def draw(
    origin: Side,
    target: Side,
    between: Mapping[str, Sequence[str]],
    flows: Iterable[LevelFlow],
    *,
    is_mirrored: bool,
) -> Flow:
    """Return the picture of some answers.

    between: levels of every framework that an answer goes through, from the lowest
    is_mirrored: whether the origin stands at the right, as in Arabic
    """
    steps = list(_steps(flows))
    used = {end for step in steps for end in step[:2]}
    middle: list[Side] = [
        (framework, [one for one in levels if (framework, one) in used])
        for framework, levels in between.items()
    ]
    sides: list[list[Side]] = [[origin], [one for one in middle if one[1]], [target]]
    shown = [side for side in sides if side]
    rows = max(
        sum(len(levels[:_MOST_LEVELS]) for _, levels in side) + len(side) - 1 for side in shown
    )
    height = HEAD * 2 + rows * ROW
    columns: list[Column] = []
    places: dict[tuple[str, str], tuple[float, float]] = {}
    for number, side in enumerate(shown):
        x = number * (WIDTH - BOX_WIDTH) / max(len(shown) - 1, 1)
        x = WIDTH - BOX_WIDTH - x if is_mirrored else x
        columns += _stacked(side, x, height, used, places)
    lines = tuple(
        Line(path=_curve(places[first], places[second]), is_weak=weak)
        for first, second, weak in dict.fromkeys(steps)
        if first in places and second in places
    )
    return Flow(width=WIDTH, height=height, columns=tuple(columns), lines=lines)


def _steps(
    flows: Iterable[LevelFlow],
) -> Iterator[tuple[tuple[str, str], tuple[str, str], bool]]:
    """Yield each step of the answers: from, to, and whether it rests on a second hand."""
    for flow in flows:
        for answer in flow.answers:
            for step in answer.path:
                weak = step.mapping.publication is not Publication.PUBLISHED
                yield _end(step.origin), _end(step.target), weak


def _end(place: Place) -> tuple[str, str]:
    return place.framework, place.level or ""


def _stacked(
    side: Sequence[Side],
    x: float,
    height: float,
    used: set[tuple[str, str]],
    places: dict[tuple[str, str], tuple[float, float]],
) -> Iterator[Column]:
    """Yield the frameworks of one column from the top, in the middle of the height."""
    rows = sum(len(levels[:_MOST_LEVELS]) for _, levels in side) + len(side) - 1
    y = HEAD + (height - HEAD - rows * ROW) / 2
    for framework, levels in side:
        boxes = []
        for level in reversed(levels[:_MOST_LEVELS]):
            end = (framework, level)
            places[end] = (x, y)
            boxes.append(Box(x=x, y=y, notation=level, is_met=end in used))
            y += ROW
        yield Column(framework=framework, middle=x + BOX_WIDTH / 2, boxes=tuple(boxes))
        y += ROW


def _curve(first: tuple[float, float], second: tuple[float, float]) -> str:
    """Return the curve between the edges of two boxes that look at each other."""
    (ax, ay), (bx, by) = first, second
    goes_right = ax < bx
    start, end = (ax + BOX_WIDTH, bx) if goes_right else (ax, bx + BOX_WIDTH)
    half = (start + end) / 2
    ay, by = ay + BOX_HEIGHT / 2, by + BOX_HEIGHT / 2
    return f"M{start:g} {ay:g}C{half:g} {ay:g} {half:g} {by:g} {end:g} {by:g}"
