"""Put disclosed claims back where their digests stand, and refuse whatever does not fit exactly.

Follows RFC 9901, section 7.1, steps 3 to 5; step numbers are the specification's.

Departs from the specification by refusing more: `_sd` and `...` in any other shape than the defined
ones, `_sd_alg` inside the payload, and more disclosures or depth than `MAX_DISCLOSURES` and the strict
parser allow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from skillpassport.vc.sdjwt.disclosures import ELEMENT, SD, SD_ALG, Disclosure, hash_of
from skillpassport.vc.sdjwt.refusals import DisclosureRefused
from skillpassport.vc.strict_json import MAX_DEPTH, JsonObject, JsonValue

Path: TypeAlias = tuple[str | int, ...]
"""Names and positions from the root; positions count the elements that are withheld."""

MAX_DISCLOSURES: Final = 1000


class Withheld:
    """Stands for an element of an array that the holder did not disclose."""


WITHHELD: Final = Withheld()

_CONTAINERS: Final = (dict, list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A payload with the disclosed claims in it.

    claims: without withheld elements, digests and `_sd_alg`: the processed payload
    as_issued: the same with `WITHHELD` where an element is not disclosed, so that positions hold
    places: path of each claim that a disclosure brought
    partly_withheld: paths of objects that hold digests nobody disclosed (or decoys)
    """

    claims: JsonObject
    as_issued: Mapping[str, object]
    places: Mapping[Path, Disclosure]
    partly_withheld: frozenset[Path]


def reveal(payload: JsonObject, disclosures: Sequence[Disclosure]) -> Revealed:
    """Return the processed payload; every disclosure must be one that the issuer signed.

    payload: of the issuer-signed JWT; it is not changed
    Raises: DisclosureRefused, SdHashRefused
    Source: RFC 9901, section 7.1, steps 3 to 5
    """
    hash_name = hash_of(payload)
    if len(disclosures) > MAX_DISCLOSURES:
        raise DisclosureRefused(f"at most {MAX_DISCLOSURES} disclosures", str(len(disclosures)))
    by_digest = {disclosure.digest(hash_name): disclosure for disclosure in disclosures}
    if len(by_digest) != len(disclosures):
        raise DisclosureRefused("each disclosure once", "one twice")
    walk = _Walk(by_digest)
    as_issued = walk.members({k: v for k, v in payload.items() if k != SD_ALG}, ())
    if len(walk.places) != len(disclosures):  # step 5
        raise DisclosureRefused("disclosures whose digests the issuer signed", "one of another")
    claims = _stripped(as_issued) if walk.has_gaps else cast("JsonObject", as_issued)
    assert isinstance(claims, dict)  # noqa: S101 - an object stays one
    return Revealed(
        claims=claims,
        as_issued=as_issued,
        places=walk.places,
        partly_withheld=frozenset(walk.partly_withheld),
    )


@dataclass(slots=True)
class _Walk:
    """Steps (*) and (**) of section 7.1 over one payload."""

    by_digest: Mapping[str, Disclosure]
    places: dict[Path, Disclosure] = field(default_factory=dict)
    partly_withheld: set[Path] = field(default_factory=set)
    has_gaps: bool = False
    _seen: set[str] = field(default_factory=set)

    def members(self, source: JsonObject, path: Path) -> dict[str, object]:
        """Return an object with its disclosed members, which are read in turn."""
        if ELEMENT in source or SD_ALG in source:
            raise DisclosureRefused("'...' and '_sd_alg' where they belong", "one elsewhere")
        result: dict[str, object] = {
            name: self._value(value, (*path, name)) if isinstance(value, _CONTAINERS) else value
            for name, value in source.items()
            if name != SD
        }
        if SD not in source:
            return result
        for digest in self._digests(source):
            found = self._disclosed(digest)
            if found is None:
                self.partly_withheld.add(path)
                continue
            if found.name is None:  # step 3.3.2.1
                raise DisclosureRefused("a named claim for a digest in '_sd'", "an element")
            if found.name in source or found.name in result:  # step 3.3.2.3
                raise DisclosureRefused("claims that are not there already", "one that is")
            place = (*path, found.name)
            self.places[place] = found
            result[found.name] = self._value(found.value, place)
        return result

    def _elements(self, source: list[JsonValue], path: Path) -> list[object]:
        result: list[object] = []
        for position, element in enumerate(source):
            if type(element) is str and len(path) < MAX_DEPTH:
                result.append(element)
                continue
            place = (*path, position)
            if not isinstance(element, dict) or ELEMENT not in element:
                result.append(self._value(element, place))
                continue
            digest = element[ELEMENT]
            if len(element) != 1 or not isinstance(digest, str):
                raise DisclosureRefused("a digest alone under '...'", "another value")
            found = self._disclosed(digest)
            if found is None:
                result.append(WITHHELD)
                self.has_gaps = True
                continue
            if found.name is not None:  # step 3.3.3.1
                raise DisclosureRefused("an element for a digest in an array", "a named claim")
            self.places[place] = found
            result.append(self._value(found.value, place))
        return result

    def _value(self, value: JsonValue, path: Path) -> object:
        if len(path) > MAX_DEPTH:
            raise DisclosureRefused(f"at most {MAX_DEPTH} levels of nesting", "more")
        if isinstance(value, dict):
            return self.members(value, path)
        return self._elements(value, path) if isinstance(value, list) else value

    def _disclosed(self, digest: str) -> Disclosure | None:
        if digest in self._seen:  # step 4
            raise DisclosureRefused("each digest once", "one twice")
        self._seen.add(digest)
        return self.by_digest.get(digest)

    def _digests(self, source: JsonObject) -> Iterable[str]:
        digests = source.get(SD, [])
        if not isinstance(digests, list):
            raise DisclosureRefused("an array of digests in '_sd'", "another value")
        for digest in digests:
            if not isinstance(digest, str):
                raise DisclosureRefused("an array of digests in '_sd'", "another value")
            yield digest


def _stripped(value: object) -> JsonValue:
    """Return what is left when the withheld elements are taken out (steps 3.4 and 3.5)."""
    if isinstance(value, dict):
        return {name: _stripped(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_stripped(element) for element in value if element is not WITHHELD]
    assert isinstance(value, bool | int | float | str | None)  # noqa: S101 - parsed JSON
    return value
