"""The code behind a printed QR: 26 symbols that a person can read aloud and type.

25 random symbols of Crockford's base32 and his check symbol, modulo 37. Five of the 37 check
symbols lie outside the alphabet (and some outside what a QR can hold in alphanumeric mode), so a
code whose check would be one of those is drawn again: 124.8 random bits remain, and every single
wrong symbol and every swap of neighbours is noticed.

Source: Douglas Crockford, Base 32, https://www.crockford.com/base32.html
"""

import secrets
from collections.abc import Callable
from typing import Final, NewType

from skillpassport.errors import SkillPassportError

Code = NewType("Code", str)

LENGTH: Final = 26
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_PATTERN: Final = r"^[- ]*(?:[0-9A-TV-Za-tv-z][- ]*){26}$"
"""What people type: any case, look-alikes of figures, hyphens and spaces anywhere."""
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_CHECK_MODULUS = 37


def new_code(random_bits: Callable[[int], int] = secrets.randbits) -> Code:
    """Return a fresh code of 26 symbols."""
    while True:
        value = random_bits(5 * (LENGTH - 1))
        check = value % _CHECK_MODULUS
        if check < len(ALPHABET):
            return Code(_encode(value) + ALPHABET[check])


def parse_code(text: str) -> Code:
    """Return the code that a person typed: upper case, hyphens and spaces gone, look-alikes read.

    Raises: CodeMalformed, CodeMistyped
    """
    symbols = text.upper().replace("-", "").replace(" ", "")
    # Upper case makes ASCII of some other letters (a dotless i, a long s, a ligature).
    is_plain = text.isascii() and all(symbol in _VALUES for symbol in symbols)
    if len(symbols) != LENGTH or not is_plain:
        raise CodeMalformed
    value = 0
    for symbol in symbols[:-1]:
        value = value * 32 + _VALUES[symbol]
    if value % _CHECK_MODULUS != _VALUES[symbols[-1]]:
        raise CodeMistyped
    return Code(_encode(value) + ALPHABET[_VALUES[symbols[-1]]])


def grouped(code: Code) -> str:
    """Return the code as it is printed: groups of up to five symbols, joined by hyphens."""
    return "-".join(code[start : start + 5] for start in range(0, LENGTH, 5))


def _encode(value: int) -> str:
    shifts = range(5 * (LENGTH - 2), -5, -5)
    return "".join(ALPHABET[value >> shift & 31] for shift in shifts)


class CodeMalformed(SkillPassportError):
    """The text cannot be a code."""

    code = "code-malformed"

    def __init__(self) -> None:
        super().__init__(
            f"Expected a code of {LENGTH} letters and digits, found something else; type it "
            "as it is printed under the QR."
        )


class CodeMistyped(SkillPassportError):
    """The check symbol does not fit: one symbol is wrong or two are swapped."""

    code = "code-mistyped"

    def __init__(self) -> None:
        super().__init__("The code's check symbol does not fit: compare it with the printed one.")


class CodeUnknown(SkillPassportError):
    """The code is well formed, but nothing was issued with it here."""

    code = "code-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No credential here has this code; make sure that it was printed by this service."
        )
