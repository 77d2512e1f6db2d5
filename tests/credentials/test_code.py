"""The code behind a printed QR: read aloud, typed, and checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segno.consts import ALPHANUMERIC_CHARS

from skillpassport.credentials.code import (
    ALPHABET,
    LENGTH,
    Code,
    CodeMalformed,
    CodeMistyped,
    grouped,
    new_code,
    parse_code,
)

RANDOM = 5 * (LENGTH - 1)
values = st.integers(min_value=0, max_value=2**RANDOM - 1)


def code_of(value: int) -> Code:
    """Return the code of a value, or of the next one whose check symbol is printable."""
    draws = iter(range(value, value + 37))
    return new_code(lambda bits: next(draws) % 2**bits)


@given(values)
def test_a_code_survives_being_printed_in_groups_and_typed(value: int) -> None:
    code = code_of(value)
    assert len(code) == LENGTH
    assert parse_code(code) == code
    assert parse_code(grouped(code)) == code
    assert parse_code(f" {grouped(code).lower()} ".replace("-", " - ")) == code


@given(values)
def test_every_single_wrong_symbol_is_noticed(value: int) -> None:
    code = code_of(value)
    for place in range(LENGTH):
        for symbol in set(ALPHABET) - {code[place]}:
            with pytest.raises(CodeMistyped):
                parse_code(code[:place] + symbol + code[place + 1 :])


@given(values)
def test_every_swap_of_neighbours_is_noticed(value: int) -> None:
    code = code_of(value)
    for place in range(LENGTH - 1):
        left, right = code[place], code[place + 1]
        if left != right:
            with pytest.raises(CodeMistyped):
                parse_code(code[:place] + right + left + code[place + 2 :])


@given(values)
def test_look_alikes_are_read_as_what_they_look_like(value: int) -> None:
    code = code_of(value)
    typed = code.replace("0", "O").replace("1", "l")
    assert parse_code(typed) == parse_code(typed.replace("l", "i")) == code


@given(values)
def test_every_symbol_fits_the_alphanumeric_mode_of_a_qr(value: int) -> None:
    assert set(code_of(value).encode()) <= set(ALPHANUMERIC_CHARS)


def test_a_value_whose_check_symbol_cannot_be_printed_is_drawn_again() -> None:
    draws = iter([36, 35, 34, 33, 32, 31])
    assert new_code(lambda bits: next(draws))[-2:] == "ZZ"
    assert next(draws, None) is None


def test_codes_are_drawn_from_at_least_120_random_bits() -> None:
    asked: list[int] = []

    def draw(bits: int) -> int:
        asked.append(bits)
        return 0

    new_code(draw)
    assert asked == [RANDOM]
    assert RANDOM >= 120 + 1  # a draw in seven or eight is thrown away: 0.2 bits
    assert len({new_code() for _ in range(200)}) == 200


@pytest.mark.parametrize("length", [0, 1, 25, 27, 64])
def test_another_length_is_no_code(length: int) -> None:
    with pytest.raises(CodeMalformed):
        parse_code("0" * length)


@pytest.mark.parametrize("foreign", ["U", "*", "~", "$", "=", "é", "٣", "０", "\0", "\n", "/", "ß"])
def test_symbols_outside_the_alphabet_are_refused(foreign: str) -> None:
    with pytest.raises(CodeMalformed):
        parse_code(foreign + "0" * 25)
    with pytest.raises(CodeMalformed):
        parse_code("0" * 25 + foreign)
