"""Whether a value made of what strangers wrote has the types that its class declares.

A decoder takes a record's members as they come: what ought to be a text may be a list, and is noticed
only where somebody reads it. So a value from outside is held against its own annotations first.
"""

import dataclasses
import math
import types
import typing
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final, Union

from skillpassport.frameworks.reading import has_heaped_marks
from skillpassport.languages import LanguageMap

MAX_WHOLE: Final = 2**31 - 1
"""What an integer column takes on both engines."""

MAX_FIGURES: Final = 12
"""Before and behind the point of a decimal; hours and places have four."""

_NAMES: Final = typing.get_args(LanguageMap)
"""Names by language are never empty, since some name is shown."""


def is_typed(value: Any) -> bool:  # noqa: ANN401 - a value of any dataclass
    """Return whether each field of a dataclass holds what its annotation says, all the way down.

    Numbers are finite and of a size that a column takes; a text has no NUL, which PostgreSQL refuses.
    """
    hints = _hints(type(value))  # type: ignore[arg-type]  # a class is hashable, mypy doubts it
    return all(_fits(getattr(value, name), hint) for name, hint in hints.items())


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    """Return the annotation of each field."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - an annotation may be of any kind
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, typing.ForwardRef):
        return True  # any JSON, of which the parser knows the bounds
    if isinstance(hint, typing.NewType):
        return _fits(value, hint.__supertype__)
    if origin in {Union, types.UnionType}:
        # An integer where fractions may stand is a number in JSON, which is kept as text.
        is_number = type(value) is int and float in arguments
        return is_number or any(_fits(value, one) for one in arguments)
    if origin is not None:
        return _fits_container(value, origin, arguments)
    if dataclasses.is_dataclass(hint):
        return type(value) is hint and is_typed(value)
    return type(value) is hint and _is_storable(value)


def _fits_container(value: object, origin: type, hints: tuple[Any, ...]) -> bool:
    if not isinstance(value, origin):
        return False
    if isinstance(value, Mapping):
        key, held = hints
        if hints == _NAMES and not value:
            return False
        return all(_fits(name, key) and _fits(one, held) for name, one in value.items())
    listed = tuple(value) if isinstance(value, Iterable) else ()
    if origin is list or hints[-1] is ...:
        return all(_fits(one, hints[0]) for one in listed)
    return len(listed) == len(hints) and all(map(_fits, listed, hints))


def _is_storable(value: object) -> bool:
    match value:
        case bool():
            return True
        case str():
            return "\0" not in value and not has_heaped_marks(value)
        case int():
            return abs(value) <= MAX_WHOLE
        case float():
            return math.isfinite(value)
        case Decimal():
            return value.is_finite() and abs(value.adjusted()) <= MAX_FIGURES
    return True
