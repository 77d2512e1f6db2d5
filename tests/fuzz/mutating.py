"""Changes an input in what it means, where octets changed at random would only be no JSON any more.

libFuzzer and Hypothesis both use it: the one beside its own changes, the other for its examples.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.fuzz.mutating_files import (
    ARCHIVE,
    Change,
    changed_archive,
    changed_lines,
    changed_table,
)

_TOKEN = re.compile(rb"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_~.-]*")
_TABLE = re.compile(rb"[^\n,;\t]*[,;\t].*\n")

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 - 1, 2**53, 10**30, 1.5, -0.0, 1e308, 5e-324,
    "", "x", "0", "\u0000", "\u202e", "\ud800", "\U0001f600", "a" * 5000, "\u0664", " ", "%", "~",
    "https://issuer.example/x", "http://127.0.0.1/", "file:///etc/passwd", "data:,", "urn:x:y",
    "did:key:z", "did:web:issuer.example", "did:jwk:e30", "#key-1", "_:b0", "@id", "//", "a:b",
    "2026-12-31T23:59:60Z", "2026-11-01T00:00:00+14:00", "2026-13-01T00:00:00Z", "0000-00-00",
    "https://www.w3.org/ns/credentials/v2", "@context", "proof", "none", "HS256", "ES256", "EdDSA",
    [], {}, [[]], [{}], {"id": "urn:x"}, {"@value": "x"}, {"@list": []}, {"@set": []}, {"_sd": []},
    {"...": "x"}, {"@vocab": "urn:x:"}, [0] * 300, [[[[[[[[]]]]]]]], {"$ref": "#"},
)  # fmt: skip
"""Values that stand where another was expected."""

_NAMES: Final = ("id", "type", "@context", "@id", "@type", "proof", "alg", "kid", "crit", "b64", "")


def mutate(data: bytes, random: Random) -> bytes:
    """Return the input with one to three things changed."""
    for _ in range(random.choice((1, 1, 2, 3))):
        data = _once(data, random)
    return data


def _once(data: bytes, random: Random) -> bytes:
    change = _change_of_kind(data)
    try:
        return change(data, random, _once)
    except (ValueError, RecursionError):  # not what it looked like
        return _octets(data, random)


def _change_of_kind(data: bytes) -> Callable[[bytes, Random, Change], bytes]:
    """Return what changes the kind of text or file that some octets look like."""
    if data[:1] in {b"{", b"["}:
        return _changed_json
    if data.startswith(ARCHIVE):
        return changed_archive
    if _TOKEN.fullmatch(data):
        return _changed_token
    return changed_table if _TABLE.match(data) else _changed_octets


def _changed_json(data: bytes, random: Random, change: Change) -> bytes:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        if b"\n" not in data:
            raise
        return changed_lines(data, random, change)
    return _written(_changed(value, random))


def _changed_token(data: bytes, random: Random, _change: Change) -> bytes:
    return _token(data.decode("latin-1"), random).encode("latin-1")


def _changed_octets(data: bytes, random: Random, _change: Change) -> bytes:
    return _octets(data, random)


def _written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _octets(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    at = random.randrange(len(changed) + 1)
    length = random.choice((0, 1, 1, 2, 4, 16))
    kind = random.randrange(4)
    if kind == 0:
        changed[at : at + length] = random.randbytes(length or 1)
    elif kind == 1:
        del changed[at : at + length]
    elif kind == 2:
        changed[at:at] = changed[at : at + 64] * 3
    elif changed:
        changed[at % len(changed)] ^= 1 << random.randrange(8)
    return bytes(changed)


def _changed(value: Any, random: Random) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON value with one thing changed, somewhere in it."""
    if not isinstance(value, dict | list) or not value or random.random() < 0.1:
        return _replaced(value, random)
    if isinstance(value, list):
        return _changed_list(list(value), random)
    changed = dict(value)
    name = random.choice(list(changed))
    kind = random.randrange(10)
    if kind == 0:
        del changed[name]
    elif kind == 1:
        changed[random.choice((*_NAMES, *changed))] = random.choice(ODD)
    elif kind == 2:
        changed[f"{name}{random.choice(('', ' ', 'x'))}"] = changed.pop(name)
    else:
        changed[name] = _changed(changed[name], random)
    return changed


def _changed_list(changed: list[Any], random: Random) -> list[Any]:
    at = random.randrange(len(changed))
    kind = random.randrange(8)
    if kind == 0:
        del changed[at]
    elif kind == 1:
        changed.insert(at, random.choice(ODD))
    elif kind == 2:
        changed += changed[at : at + 1] * random.choice((1, 16, 40))
    elif kind == 3:
        random.shuffle(changed)
    else:
        changed[at] = _changed(changed[at], random)
    return changed


def _replaced(value: object, random: Random) -> object:
    ways: list[Callable[[], object]] = [
        lambda: random.choice(ODD),
        lambda: [value],
        lambda: {"id": value},
    ]
    if isinstance(value, str) and value:
        bent = value.encode("utf-8", "replace")
        ways += [lambda: _once(bent, random).decode("utf-8", "replace")] * 3
    return random.choice(ways)()


def _token(text: str, random: Random) -> str:
    separator = random.choice("~.") if "~" in text else "."
    parts = text.split(separator)
    at = random.randrange(len(parts))
    kind = random.randrange(8)
    if kind == 0:
        del parts[at]
    elif kind == 1:
        parts.insert(at, parts[random.randrange(len(parts))])
    else:
        parts[at] = _part(parts[at], random)
    return separator.join(parts)


def _part(part: str, random: Random) -> str:
    if "." in part:
        return _token(part, random)
    try:
        inner = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (ValueError, binascii.Error):
        return _octets(part.encode("latin-1"), random).decode("latin-1")
    return base64.urlsafe_b64encode(_once(inner, random)).rstrip(b"=").decode()
