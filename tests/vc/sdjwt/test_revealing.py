"""Disclosures fit exactly where the issuer put their digests, or everything is refused."""

import json
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.sdjwt import (
    Concealment,
    DisclosureRefused,
    Path,
    SdHashRefused,
    SdJwt,
    SdJwtError,
    SdJwtKb,
    SdJwtMalformed,
    disclosable_paths,
    issue_sd_jwt,
    parse_sd_jwt,
    parse_sd_jwt_json,
    reveal,
    select,
)
from skillpassport.vc.sdjwt.disclosures import (
    Disclosure,
    digest_of,
    new_disclosure,
    parse_disclosure,
)
from skillpassport.vc.sdjwt.issuing import conceal
from skillpassport.vc.sdjwt.revealing import MAX_DISCLOSURES
from skillpassport.vc.strict_json import MAX_DEPTH, JsonObject, JsonValue, StrictJsonError, write
from tests.support.credentials import P256_ISSUER
from tests.vc.test_strict_json import JSON


def a_disclosure(*contents: JsonValue) -> Disclosure:
    return parse_disclosure(encode_base64url(json.dumps(contents).encode()))


def digest(disclosure: Disclosure) -> str:
    return disclosure.digest("sha-256")


NAME = a_disclosure("salt-1", "name", "Ama")
BIRTH = a_disclosure("salt-2", "birth", "1990")
ELEMENT = a_disclosure("salt-3", "GH")
OBJECT = a_disclosure("salt-4", "address", {"city": "Accra"})


def test_disclosed_claims_stand_where_their_digests_stood() -> None:
    inner = a_disclosure(
        "salt-5", "home", {"_sd": [digest(NAME)], "countries": [{"...": digest(ELEMENT)}, "NO"]}
    )
    payload: JsonObject = {
        "iss": "x",
        "_sd": [digest(inner), "decoy-of-nothing"],
        "_sd_alg": "sha-256",
        "list": [{"...": "another-decoy"}, 1],
    }
    revealed = reveal(payload, [inner, NAME, ELEMENT])
    assert revealed.claims == {
        "iss": "x",
        "list": [1],
        "home": {"name": "Ama", "countries": ["GH", "NO"]},
    }
    assert set(revealed.places) == {("home",), ("home", "name"), ("home", "countries", 0)}
    assert revealed.partly_withheld == {()}
    assert reveal(payload, [inner]).claims["home"] == {"countries": ["NO"]}
    assert reveal(payload, []).claims == {"iss": "x", "list": [1]}
    assert payload["_sd_alg"] == "sha-256"


HOSTILE: list[tuple[str, JsonObject, list[Disclosure]]] = [
    ("unreferenced", {"_sd": [digest(NAME)]}, [NAME, BIRTH]),
    ("of nothing", {}, [NAME]),
    ("twice", {"_sd": [digest(NAME)]}, [NAME, NAME]),
    ("digest twice", {"_sd": [digest(NAME), digest(NAME)]}, [NAME]),
    ("digest twice, withheld", {"_sd": ["a", "a"]}, []),
    ("digest at two levels", {"_sd": [digest(NAME)], "x": {"_sd": [digest(NAME)]}}, [NAME]),
    ("digest in object and array", {"_sd": [digest(ELEMENT)], "x": [{"...": digest(ELEMENT)}]}, []),
    ("digest inside a disclosure", {"_sd": [digest(OBJECT), "d"], "x": {"_sd": ["d"]}}, [OBJECT]),
    ("claim that is there", {"_sd": [digest(NAME)], "name": "Kofi"}, [NAME]),
    ("two of one name", {"_sd": [digest(NAME), digest(a_disclosure("other", "name", "Kofi"))]}, [NAME, a_disclosure("other", "name", "Kofi")]),
    ("element as a member", {"_sd": [digest(ELEMENT)]}, [ELEMENT]),
    ("member as an element", {"x": [{"...": digest(NAME)}]}, [NAME]),
    ("parent withheld", {"_sd": [digest(a_disclosure("s", "home", {"_sd": [digest(NAME)]}))]}, [NAME]),
    ("_sd a text", {"_sd": digest(NAME)}, []),
    ("_sd of numbers", {"_sd": [1]}, []),
    ("_sd null", {"_sd": None}, []),
    ("_sd an object", {"x": {"_sd": {}}}, []),
    ("... of a number", {"x": [{"...": 1}]}, []),
    ("... with more", {"x": [{"...": "d", "y": 1}]}, []),
    ("... as a member", {"x": {"...": "d"}}, []),
    ("... at the root", {"...": "d"}, []),
    ("_sd_alg inside", {"x": {"_sd_alg": "sha-256"}}, []),
    ("_sd_alg inside a list", {"x": [{"_sd_alg": "sha-256"}]}, []),
    ("bad _sd inside a disclosure", {"_sd": [digest(a_disclosure("s", "x", {"_sd": 1}))]}, [a_disclosure("s", "x", {"_sd": 1})]),
    ("too many", {"_sd": []}, [a_disclosure(str(i), "n", 1) for i in range(MAX_DISCLOSURES + 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "payload", "shown"), HOSTILE, ids=[r[0] for r in HOSTILE])
def test_what_does_not_fit_is_refused(
    name: str, payload: JsonObject, shown: list[Disclosure]
) -> None:
    with pytest.raises(DisclosureRefused):
        reveal(payload, shown)


def test_disclosures_nested_without_end_are_refused() -> None:
    """Each is shallow; together they would exhaust the stack."""
    chain = [a_disclosure("salt-0", "x", 1)]
    for position in range(1, 300):
        chain.append(a_disclosure(f"salt-{position}", "x", {"_sd": [digest(chain[-1])]}))
    with pytest.raises(DisclosureRefused):
        reveal({"_sd": [digest(chain[-1])]}, chain)
    short = chain[:50]
    assert reveal({"_sd": [digest(short[-1])]}, short).claims


CONTENTS: list[tuple[str, str]] = [
    ("one element", '["salt"]'),
    ("four elements", '["salt","name","x",1]'),
    ("object", '{"salt":1}'),
    ("text", '"salt"'),
    ("salt a number", '[1,"name","x"]'),
    ("salt null", '[null,"x"]'),
    ("name a number", '["salt",1,"x"]'),
    ("name null", '["salt",null,"x"]'),
    ("name _sd", '["salt","_sd",["x"]]'),
    ("name ...", '["salt","...","x"]'),
    ("name _sd_alg", '["salt","_sd_alg","md5"]'),
    ("member twice", '["salt","name",{"a":1,"a":2}]'),
    ("not a number", '["salt","name",NaN]'),
    ("large number", '["salt","name",9007199254740993]'),
    ("two values", '["salt","x"]["salt","y"]'),
    ("empty", ""),
]


@pytest.mark.parametrize(("name", "text"), CONTENTS, ids=[row[0] for row in CONTENTS])
def test_a_malformed_disclosure_is_refused(name: str, text: str) -> None:
    with pytest.raises(DisclosureRefused):
        parse_disclosure(encode_base64url(text.encode()))
    for encoded in (f"{NAME.encoded}=", NAME.encoded + "\n", " " + NAME.encoded, "*"):
        with pytest.raises(DisclosureRefused):
            parse_disclosure(encoded)


@pytest.mark.parametrize("name", ["md5", "sha-1", "SHA-256", "sha256", "sha3-256", "", None, 1, []])
def test_a_weak_or_unknown_hash_is_refused(name: JsonValue) -> None:
    with pytest.raises(SdHashRefused):
        reveal({"_sd_alg": name}, [])


@pytest.mark.parametrize("name", ["sha-256", "sha-384", "sha-512"])
def test_the_digest_is_the_named_one(name: str) -> None:
    payload: JsonObject = {"_sd": [NAME.digest(name)], "_sd_alg": name}
    assert reveal(payload, [NAME]).claims == {"name": "Ama"}
    with pytest.raises(DisclosureRefused):
        reveal({"_sd": [digest_of(NAME.encoded, "sha-256")], "_sd_alg": "sha-512"}, [NAME])


def test_the_specifications_examples_of_digests() -> None:
    """RFC 9901, sections 4.2.1 and 4.2.3."""
    encoded = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    disclosure = parse_disclosure(encoded)
    assert (disclosure.name, disclosure.value) == ("family_name", "Möbius")
    assert digest(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    element = parse_disclosure("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0")
    assert (element.name, element.value) == (None, "FR")
    assert digest(element) == "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"


def issued(claims: JsonObject, *paths: Path, decoys: int = 0) -> SdJwt:
    numbers = count()
    return issue_sd_jwt(
        claims,
        P256_ISSUER,
        header={"typ": "example+sd-jwt"},
        concealment=Concealment(
            paths=paths, decoys=decoys, random=lambda size: next(numbers).to_bytes(size)
        ),
    )


@pytest.mark.parametrize(
    ("claims", "paths"),
    [
        ({"a": 1}, [("b",)]),
        ({"a": [1]}, [("a", 1)]),
        ({"a": [1]}, [("a", "0")]),
        ({"a": 1}, [()]),
        ({"_sd": ["x"]}, []),
        ({"a": {"...": "x"}}, []),
        ({"a": [{"_sd_alg": "x"}]}, []),
    ],
)
def test_nothing_is_concealed_that_is_not_there_and_no_reserved_name_signed(
    claims: JsonObject, paths: list[Path]
) -> None:
    with pytest.raises(DisclosureRefused):
        issued(claims, *paths)


def test_the_order_of_digests_tells_nothing_and_decoys_hide_the_number() -> None:
    sd_jwt = issued({"a": 1, "b": 2, "c": [3]}, ("a",), ("b",), ("c", 0), decoys=5)
    digests = sd_jwt.jws.payload["_sd"]
    assert isinstance(digests, list)
    assert len(digests) == 7
    assert digests == sorted(map(str, digests))
    assert sd_jwt.revealed().claims == {"a": 1, "b": 2, "c": [3]}
    assert "1" not in {key for key in sd_jwt.jws.payload if key != "_sd_alg"}


def test_only_what_may_be_disclosed_is_chosen() -> None:
    sd_jwt = issued({"a": {"b": 1, "c": 2}, "d": 3}, ("a",), ("a", "b"))
    assert set(disclosable_paths(sd_jwt)) == {("a",), ("a", "b")}
    assert select(sd_jwt, [("a", "b")]).revealed().claims == {"a": {"b": 1, "c": 2}, "d": 3}
    assert select(sd_jwt, [("a",)]).revealed().claims == {"a": {"c": 2}, "d": 3}
    for path in (("d",), ("a", "c"), ("x",), ()):
        with pytest.raises(DisclosureRefused):
            select(sd_jwt, [path])


ISSUED = issued({"a": 1, "b": [2]}, ("a",), ("b", 0))
TOKEN = ISSUED.token
D = [disclosure.encoded for disclosure in ISSUED.disclosures]
TEXTS: list[tuple[str, str]] = [
    ("no tilde", TOKEN),
    ("nothing", ""),
    ("tilde alone", "~"),
    ("two tildes", f"{TOKEN}~~"),
    ("empty disclosure", f"{TOKEN}~~{D[0]}~"),
    ("disclosure first", f"{D[0]}~{TOKEN}~"),
    ("no final tilde", f"{TOKEN}~{D[0]}"),
    ("a token among them", f"{TOKEN}~{TOKEN}~{D[0]}~"),
    ("two parts", f"{TOKEN.rpartition('.')[0]}~"),
    ("unencoded", f"{TOKEN}~[1]~"),
    ("too large", f"{TOKEN}~{'A' * 2_200_000}~"),
    ("too many", f"{TOKEN}~" + f"{D[0]}~" * (MAX_DISCLOSURES + 1)),
]


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[row[0] for row in TEXTS])
def test_a_malformed_text_is_refused(name: str, text: str) -> None:
    with pytest.raises((SdJwtError, StrictJsonError)):
        parse_sd_jwt(text)
    parsed = parse_sd_jwt(ISSUED.text)
    assert isinstance(parsed, SdJwt)
    assert parsed == ISSUED


def general(*headers: JsonValue) -> JsonObject:
    flat = ISSUED.as_json()
    entry = {"protected": flat["protected"], "signature": flat["signature"]}
    signatures: list[JsonValue] = [{**entry, "header": header} for header in headers]
    return {"payload": flat["payload"], "signatures": signatures}


SHOWN: JsonObject = {"disclosures": [*D]}
OBJECTS: list[tuple[str, JsonObject]] = [
    ("no payload", {k: v for k, v in ISSUED.as_json().items() if k != "payload"}),
    ("payload an object", {**ISSUED.as_json(), "payload": {}}),
    ("protected a list", {**ISSUED.as_json(), "protected": []}),
    ("header a text", {**ISSUED.as_json(), "header": "x"}),
    ("disclosures a text", {**ISSUED.as_json(), "header": {"disclosures": D[0]}}),
    ("disclosures of numbers", {**ISSUED.as_json(), "header": {"disclosures": [1]}}),
    ("binding a number", {**ISSUED.as_json(), "header": {"disclosures": [], "kb_jwt": 1}}),
    ("binding no token", {**ISSUED.as_json(), "header": {"disclosures": [], "kb_jwt": "x"}}),
    ("algorithm outside", {**ISSUED.as_json(), "header": {"disclosures": [], "alg": "none"}}),
    ("key outside", {**ISSUED.as_json(), "header": {"disclosures": [], "jwk": {}}}),
    ("both forms", {**ISSUED.as_json(), **general(SHOWN)}),
    ("no signatures", {**general(SHOWN), "signatures": []}),
    ("signatures an object", {**general(SHOWN), "signatures": {}}),
    ("signatures of texts", {**general(SHOWN), "signatures": ["x"]}),
    ("too many signatures", general(*[SHOWN] + [{}] * 8)),
    ("disclosures beside the second", general({}, SHOWN)),
    ("disclosures beside both", general(SHOWN, SHOWN)),
    ("binding beside the second", general(SHOWN, {"kb_jwt": "x"})),
]


@pytest.mark.parametrize(("name", "document"), OBJECTS, ids=[row[0] for row in OBJECTS])
def test_a_malformed_object_is_refused(name: str, document: JsonObject) -> None:
    with pytest.raises((SdJwtError, StrictJsonError)):
        parse_sd_jwt_json(document)
    assert parse_sd_jwt_json(ISSUED.as_json()) == ISSUED
    assert parse_sd_jwt_json(general(SHOWN)) == ISSUED
    assert parse_sd_jwt_json(general(SHOWN, {"kid": "x"})) == ISSUED


@given(st.text(alphabet="eyJ.~AZ_-", max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        parsed = parse_sd_jwt(text)
    except (SdJwtError, StrictJsonError):
        return
    assert parsed.text == text


def every_path(value: JsonValue, path: Path = ()) -> list[Path]:
    """Return the paths of all members and elements below a value."""
    found: list[Path] = [path] if path else []
    if isinstance(value, dict):
        found += [p for key, member in value.items() for p in every_path(member, (*path, key))]
    if isinstance(value, list):
        found += [p for i, member in enumerate(value) for p in every_path(member, (*path, i))]
    return found


@given(JSON, st.randoms(use_true_random=False))
def test_whatever_is_concealed_comes_back_with_all_disclosures(
    value: JsonValue, rng: object
) -> None:
    choose = getattr(rng, "random")  # noqa: B009
    claims: JsonObject = {"value": value}
    paths = [path for path in every_path(claims) if choose() < 0.5]
    try:
        concealed = conceal(claims, Concealment(paths=paths, decoys=1))
    except DisclosureRefused:
        return
    revealed = reveal(concealed.payload, concealed.disclosures)
    assert revealed.claims == claims
    assert set(revealed.places) == set(paths)
    assert isinstance(reveal(concealed.payload, []).claims, dict)


def test_the_two_types_are_told_apart_by_the_last_part() -> None:
    with pytest.raises(SdJwtMalformed):
        parse_sd_jwt(f"{ISSUED.text}x")
    bound = parse_sd_jwt(f"{ISSUED.text}{TOKEN}")
    assert isinstance(bound, SdJwtKb)
    assert bound.sd_jwt == ISSUED


@given(JSON)
def test_a_disclosure_is_written_as_every_other_json(value: JsonValue) -> None:
    salted = new_disclosure("name", value, lambda count: b"\x01" * count)
    again = parse_disclosure(salted.encoded)
    salt = encode_base64url(b"\x01" * 16)
    assert salted.encoded == encode_base64url(write([salt, "name", value]))
    assert (again.name, again.value) == ("name", value)


def test_half_a_character_is_no_claim() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        new_disclosure("name", "\ud800", lambda count: b"\x01" * count)


@pytest.mark.parametrize("innermost", ["text", 7, {"a": 1}])
def test_elements_lie_no_deeper_than_is_read(innermost: JsonValue) -> None:
    deep: JsonValue = [innermost]
    for _ in range(MAX_DEPTH - 2):
        deep = [deep]
    assert reveal({"claim": deep}, ()).claims == {"claim": deep}
    with pytest.raises(DisclosureRefused):
        reveal({"claim": [deep]}, ())


def test_texts_beside_concealed_elements_stay_in_their_places() -> None:
    claims: JsonObject = {"a": ["x", "y", "z"], "b": ["x", {"c": ["x"]}, 1], "d": [["x"], "y"]}
    paths: list[tuple[str | int, ...]] = [("a", 1), ("b", 1, "c", 0), ("d", 0)]
    concealed = conceal(claims, Concealment(paths=paths))
    assert set(reveal(concealed.payload, concealed.disclosures).places) == set(paths)
    assert reveal(concealed.payload, concealed.disclosures).claims == claims
    shown = reveal(concealed.payload, ()).claims
    assert shown == {"a": ["x", "z"], "b": ["x", {"c": []}, 1], "d": ["y"]}
