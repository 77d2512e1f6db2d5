"""Issue an SD-JWT: replace chosen claims by digests and sign what is left.

Follows RFC 9901, sections 4.1 and 4.2, decoys and recursive disclosures included.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from skillpassport.vc.jose import parse_jws, sign_jws
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.sdjwt.disclosures import (
    DEFAULT_HASH,
    ELEMENT,
    RESERVED_NAMES,
    SD,
    SD_ALG,
    Disclosure,
    RandomBytes,
    digest_of,
    new_disclosure,
)
from skillpassport.vc.sdjwt.refusals import DisclosureRefused
from skillpassport.vc.sdjwt.revealing import MAX_DISCLOSURES, Path
from skillpassport.vc.sdjwt.serialization import SdJwt
from skillpassport.vc.strict_json import JsonObject, JsonValue

_DECOY_BYTES = 32
_CONTAINERS = (dict, list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concealment:
    """What of a payload the holder may withhold.

    paths: of members and elements, `("address", "street")`, `("nationalities", 0)`; a path and one
    below it make a recursive disclosure
    decoys: digests of nothing that are added to each object that has disclosable members
    hash_name: `sha-256`, `sha-384` or `sha-512`
    random: source of salts and decoys, replaced in tests alone
    """

    paths: Collection[Path]
    decoys: int = 0
    hash_name: str = DEFAULT_HASH
    random: RandomBytes = secrets.token_bytes


def issue_sd_jwt(
    claims: JsonObject,
    signer: Signer,
    *,
    header: JsonObject,
    concealment: Concealment,
    holder: PublicKey | None = None,
) -> SdJwt:
    """Return an SD-JWT with all of its disclosures, for the holder alone.

    claims: not changed; a `cnf` is added for the holder
    header: with `typ` and what names the key; `alg` is set from the signer
    holder: the key with which the holder will sign presentations
    Raises: DisclosureRefused (a path that is not there, a reserved name), JwsAlgorithmRefused
    Source: RFC 9901, section 4.1
    """
    bound: JsonObject = {**claims, "cnf": {"jwk": holder.jwk}} if holder else claims
    concealed = conceal(bound, concealment)
    token = sign_jws(header, concealed.payload, signer)
    return SdJwt(token=token, jws=parse_jws(token), disclosures=concealed.disclosures)


@dataclass(frozen=True, slots=True)
class Concealed:
    """What is signed, and the disclosures that go with it."""

    payload: JsonObject
    disclosures: tuple[Disclosure, ...]


def conceal(claims: JsonObject, concealment: Concealment) -> Concealed:
    """Return the claims with digests in place of those that are to be disclosed one by one.

    Raises: DisclosureRefused
    Source: RFC 9901, sections 4.2.4 (embedding), 4.2.5 (decoys) and 4.2.6 (recursive)
    """
    if len(concealment.paths) > MAX_DISCLOSURES:
        raise DisclosureRefused(
            f"at most {MAX_DISCLOSURES} paths to conceal", str(len(concealment.paths))
        )
    parents = frozenset(path[:-1] for path in concealment.paths)
    work = _Concealing(concealment, set(concealment.paths), parents)
    payload = work.members(claims, ())
    if work.open_paths:
        raise DisclosureRefused("paths of claims that are there", "another path")
    return Concealed(
        payload={**payload, SD_ALG: concealment.hash_name}, disclosures=tuple(work.disclosures)
    )


@dataclass(slots=True)
class _Concealing:
    """Goes through the claims from the inside out, so that digests are taken of digests."""

    concealment: Concealment
    open_paths: set[Path]
    parents: frozenset[Path]
    disclosures: list[Disclosure] = field(default_factory=list)

    def members(self, source: JsonObject, path: Path) -> JsonObject:
        if RESERVED_NAMES & source.keys():
            raise DisclosureRefused("claims of the application", "one of a reserved name")
        result: JsonObject = {}
        digests: list[str] = []
        conceals = path in self.parents
        for name, member in source.items():
            value = member
            if isinstance(member, _CONTAINERS):
                value = self._value(member, (*path, name))
            if conceals and self._is_concealed((*path, name)):
                digests.append(self._disclose(name, value))
            else:
                result[name] = value
        if not digests:
            return result
        random, hash_name = self.concealment.random, self.concealment.hash_name
        digests += [
            digest_of(encode_base64url(random(_DECOY_BYTES)), hash_name)
            for _ in range(self.concealment.decoys)
        ]
        # Sorted by digest, the order tells nothing about the claims (section 4.2.4.1).
        listed: list[JsonValue] = [*sorted(digests)]
        return {SD: listed, **result}

    def _elements(self, source: list[JsonValue], path: Path) -> list[JsonValue]:
        result: list[JsonValue] = []
        conceals = path in self.parents
        if not conceals and all(type(element) is str for element in source):
            return source
        for position, element in enumerate(source):
            place = (*path, position)
            value = self._value(element, place)
            is_concealed = conceals and self._is_concealed(place)
            result.append({ELEMENT: self._disclose(None, value)} if is_concealed else value)
        return result

    def _value(self, value: JsonValue, path: Path) -> JsonValue:
        if isinstance(value, dict):
            return self.members(value, path)
        return self._elements(value, path) if isinstance(value, list) else value

    def _is_concealed(self, path: Path) -> bool:
        if path not in self.open_paths:
            return False
        self.open_paths.discard(path)
        return True

    def _disclose(self, name: str | None, value: JsonValue) -> str:
        disclosure = new_disclosure(name, value, self.concealment.random)
        self.disclosures.append(disclosure)
        return disclosure.digest(self.concealment.hash_name)
