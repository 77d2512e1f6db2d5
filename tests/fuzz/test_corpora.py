"""What fuzzing found, and where it starts from, is replayed; and sound inputs are bent anew."""

from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutating import mutate
from tests.fuzz.targets import CORPUS, NAMES, TooSlow, target

MAX_CORPUS_BYTES = 700_000
PATIENCE = 5.0
"""Of a machine that is slow, or loads what it needs for the first time; what explodes takes longer."""

BENT_ANEW = 40
"""Examples for each target at each run of the tests; `make fuzz` tries them by the ten thousand."""


@cache
def kept(name: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((CORPUS / name).iterdir()))


def test_each_target_has_a_corpus_and_each_corpus_a_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(NAMES)
    assert all(kept(name) for name in NAMES)


def test_the_corpora_stay_small() -> None:
    assert sum(len(data) for name in NAMES for data in kept(name)) < MAX_CORPUS_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_no_kept_input_breaks_its_target(name: str) -> None:
    check = target(name, slowness=PATIENCE)
    for data in kept(name):
        check(data)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=BENT_ANEW, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_sound_input_that_was_bent_breaks_its_target(name: str, data: st.DataObject) -> None:
    """The property of every parser: an answer of the documented kinds, and within its time."""
    chosen = data.draw(st.sampled_from(kept(name)))
    bend = data.draw(st.randoms(use_true_random=False))
    target(name, slowness=PATIENCE)(mutate(chosen, bend))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=BENT_ANEW, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=200))
def test_no_octets_break_a_target(name: str, data: bytes) -> None:
    target(name, slowness=PATIENCE)(data)


def test_an_input_that_takes_long_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.targets.SECONDS", -1.0)
    with pytest.raises(TooSlow):
        target("public_keys")(b"z")


def test_bending_makes_many_inputs_of_one() -> None:
    original = b'{"a":[1,{"b":"x"}],"c":null}'
    bent = {mutate(original, Random(seed)) for seed in range(100)}
    assert len(bent) > 50
