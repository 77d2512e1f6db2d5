"""Terms in canonical N-Quads: RDFC-1.0, appendix A."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from skillpassport.vc.rdf import double, is_absolute_iri, line_of, literal


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain, Ünï 漢", "plain, Ünï 漢"),
        ('a "b" \\c', '"a \\"b\\" \\\\c"'[1:-1]),
        ("\b\t\n\f\r", r"\b\t\n\f\r"),
        ("\x00\x07\x0b\x0e\x1f\x7f", r"\u0000\u0007\u000B\u000E\u001F\u007F"),
        ("\ufffe\uffff", r"\uFFFE\uFFFF"),
        ("\x80\x9f\u2028\U0001f600", "\x80\x9f\u2028\U0001f600"),
    ],
)
def test_a_literal_is_escaped_as_the_canonical_form_demands(text: str, escaped: str) -> None:
    assert literal(text) == f'"{escaped}"'


@given(st.text())
def test_another_implementation_escapes_alike(text: str) -> None:
    assert literal(text) == str(Literal(text))


def test_datatypes_and_languages_follow_the_text_and_strings_have_none() -> None:
    assert literal("x", "http://www.w3.org/2001/XMLSchema#string") == '"x"'
    assert literal("x", "https://a.example/t") == '"x"^^<https://a.example/t>'
    assert literal("x", language="en") == '"x"@en'


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        (1.5, "1.5E0"),
        (100.0, "1.0E2"),
        (-0.001, "-1.0E-3"),
        (1e21, "1.0E21"),
        (1.1e-7, "1.1E-7"),
        (123456.789, "1.23456789E5"),
        (5.3, "5.3E0"),
    ],
)
def test_a_double_is_written_canonically(value: float, canonical: str) -> None:
    assert double(value) == canonical


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("https://a.example/é?x=1#y", True),
        ("urn:uuid:1", True),
        ("did:web:localhost%3A8000", True),
        ("data:application/vc+jwt,eyJ.x.y", True),
        ("urn:a\n", False),
        ("urn:a\n> <urn:b> <urn:c> .", False),
        ("urn:a b", False),
        ("urn:a>", False),
        ("urn:a\x80", False),
        ("urn:a\ufffe", False),
        ("urn:\ud800", False),
        ('urn:"', False),
        ("urn:a\\u0041", False),
        ("_:b0", False),
        ("relative", False),
        ("", False),
        ("//host/path", False),
        ("1urn:x", False),
    ],
)
def test_an_iri_that_could_write_a_second_statement_is_none(text: str, accepted: bool) -> None:
    assert is_absolute_iri(text) is accepted


def test_a_line_names_its_graph_only_outside_the_default_graph() -> None:
    assert line_of(("<urn:s>", "<urn:p>", '"o"', "")) == '<urn:s> <urn:p> "o" .\n'
    assert line_of(("<urn:s>", "<urn:p>", "_:o", "_:g")) == "<urn:s> <urn:p> _:o _:g .\n"
