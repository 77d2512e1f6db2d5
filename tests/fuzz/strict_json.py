"""Fuzz target: JSON of strangers, and its canonical form."""

from contextlib import suppress

from skillpassport.vc.jcs import NotCanonicalizable, canonicalize
from skillpassport.vc.strict_json import StrictJsonError, count_containers, parse, write


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a value that is another once it was written."""
    with suppress(UnicodeDecodeError, StrictJsonError):
        parse(data.decode())
    try:
        value = parse(data)
    except StrictJsonError:
        return
    assert parse(write(value)) == value
    count_containers(value)
    with suppress(NotCanonicalizable):
        canonical = canonicalize(value)
        assert canonicalize(parse(canonical)) == canonical
