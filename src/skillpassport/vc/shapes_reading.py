"""The shape of a document, and the leaves that may differ between documents of one shape.

A shape is everything that decides how JSON-LD reads a document, apart from the letters of texts and
the digits of numbers: contexts, names of members in their order, lengths of arrays, types and other
keywords' values, kinds of values. Two documents of one shape become the same statements about other
values, as long as what `shapes_template` found to matter in the leaves matters alike.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from skillpassport.vc.strict_json import MAX_INTEGER, JsonObject, JsonValue

Leaf: TypeAlias = str | int | float

MAX_LEAVES: Final = 2000
"""Larger documents are rare and unlike; keeping their shapes would crowd out the common ones."""

_TEXT: Final = "s"
_INTEGER: Final = "i"
_FRACTION: Final = "f"
_TRUE: Final = "t"
_FALSE: Final = "n"

_SELECTING = frozenset(
    {
        "type", "@type", "@context", "@language", "@direction", "@index", "@graph", "@included",
        "@list", "@nest", "@none", "@reverse", "@set", "@json", "@vocab", "@base", "@import",
        "@version", "@propagate", "@protected", "@prefix", "@container", "@default",
    }
)  # fmt: skip
"""Members whose values are part of the shape: `type`, and every keyword but `@id` and `@value`.

A member that a context calls so by another name is found by where its stand-in comes out.
"""


class ShapeUnusual(Exception):
    """The document is not read by its shape; a signal within `shapes`, never seen outside."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document taken apart.

    shape: hashable; equal for documents of one shape
    leaves: texts and numbers in the order of the document
    """

    shape: Hashable
    leaves: list[Leaf]


def read(document: JsonObject) -> Read:
    """Return the shape and the leaves of a document.

    Raises: ShapeUnusual (nulls, whole fractions, huge numbers, too many leaves)
    """
    shape: list[Hashable] = []
    leaves: list[Leaf] = []
    try:
        _read_object(document, shape, leaves)
    except (TypeError, RecursionError) as error:  # half a character in a context, too deep
        raise ShapeUnusual from error
    if len(leaves) > MAX_LEAVES:
        raise ShapeUnusual
    return Read(tuple(shape), leaves)


def replaced(document: JsonObject, leaves: list[Leaf]) -> JsonObject:
    """Return a copy of the document with other leaves in the places of its own."""
    remaining = iter(leaves)
    copy: JsonObject = _copy(document, remaining)
    return copy


def _read_object(value: dict[str, Any], shape: list[Hashable], leaves: list[Leaf]) -> None:
    shape.append(tuple(value))
    for name, member in value.items():
        if name in _SELECTING:
            shape.append(member if type(member) is str else orjson.dumps(member))
        elif type(member) is str:
            leaves.append(member)
            shape.append(_TEXT)
        else:
            _read_value(member, shape, leaves)


def _read_value(value: JsonValue, shape: list[Hashable], leaves: list[Leaf]) -> None:
    kind = type(value)
    if kind is str:
        leaves.append(value)  # type: ignore[arg-type]
        shape.append(_TEXT)
    elif kind is dict:
        _read_object(value, shape, leaves)  # type: ignore[arg-type]
    elif kind is list:
        shape.append(len(value))  # type: ignore[arg-type]
        for item in value:  # type: ignore[union-attr]
            _read_value(item, shape, leaves)
    elif kind is bool:
        shape.append(_TRUE if value else _FALSE)  # True would equal the length of an array of one
    else:
        _read_number(value, shape, leaves)


def _read_number(value: JsonValue, shape: list[Hashable], leaves: list[Leaf]) -> None:
    if type(value) is int and -MAX_INTEGER <= value <= MAX_INTEGER:
        shape.append(_INTEGER)
    elif type(value) is float and not value.is_integer() and abs(value) < MAX_INTEGER:
        shape.append(_FRACTION)
    else:
        raise ShapeUnusual
    leaves.append(value)


def _copy(value: Any, remaining: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict):
        return {
            name: member if name in _SELECTING else _copy(member, remaining)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [_copy(item, remaining) for item in value]
    if isinstance(value, bool):
        return value
    return next(remaining)
