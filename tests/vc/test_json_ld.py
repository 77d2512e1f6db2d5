"""Expansion in safe mode, and from there to quads: what would be lost, or hidden, is refused."""

import json
from pathlib import Path
from time import process_time

import pytest

from skillpassport.errors import SkillPassportError
from skillpassport.vc.contexts import ContextUnknown, load_context
from skillpassport.vc.json_ld import expand_safely
from skillpassport.vc.json_ld_rdf import quads_of
from skillpassport.vc.json_ld_refusals import JsonLdTooLarge
from skillpassport.vc.rdf import Quad, line_of
from skillpassport.vc.rdfc import canonicalize_dataset
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import a_credential
from tests.support.json_ld import ACCEPTED, V2, VOCAB, about, lines_by_pyld

STATUS = "https://www.w3.org/2018/credentials#credentialStatus"


def quads(document: JsonObject, folder: Path | None = None) -> list[Quad]:
    return quads_of(expand_safely(document, contexts_folder=folder))


def lines(document: JsonObject) -> str:
    return canonicalize_dataset(quads(document)).text


@pytest.mark.parametrize("document", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_an_accepted_document_states_what_pyld_makes_of_it(document: JsonObject) -> None:
    before = json.dumps(document)
    assert lines(document) == lines_by_pyld(document)
    assert json.dumps(document) == before


STATUS_ENTRY: JsonObject = {
    "id": "https://a.example/status#1",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "1",
    "statusListCredential": "https://a.example/status",
}
ROOT = str(a_credential()["id"])

REFUSED: list[tuple[str, str, JsonObject]] = [
    ("json-ld-term-undefined", "an undefined member", a_credential(salary=5)),
    ("json-ld-term-undefined", "deep", about({"id": "urn:a", "x": 1})),
    ("json-ld-term-undefined", "an undefined type", a_credential(type=["VerifiableCredential", "X"])),
    ("json-ld-term-undefined", "a keyword that is none", about({"@salary": 5}, VOCAB)),
    ("json-ld-term-undefined", "a term switched off", about({"p": 5}, VOCAB, {"p": None})),
    ("json-ld-term-undefined", "a relative vocabulary", about({"p": 5}, {"@vocab": "here/"})),
    ("json-ld-term-undefined", "a blank predicate", about({"p": 5}, {"p": "_:b"})),
    ("json-ld-iri-invalid", "a relative id", a_credential(id="7")),
    ("json-ld-iri-invalid", "an id of another host", a_credential(id="//evil.example/7")),
    ("json-ld-iri-invalid", "a fragment", about({"id": "#me"})),
    ("json-ld-iri-invalid", "an empty id", about({"id": ""})),
    ("json-ld-iri-invalid", "a space in it", about({"id": "urn:a b"})),
    ("json-ld-iri-invalid", "a line feed behind it", about({"id": "urn:a\n"})),
    ("json-ld-iri-invalid", "a second statement", about({"id": "urn:a>\n<urn:b"})),
    ("json-ld-iri-invalid", "what looks like a keyword", about({"id": "@foo"})),
    ("json-ld-term-undefined", "a type like a keyword", a_credential(type=["VerifiableCredential", "@foo"])),
    ("json-ld-iri-invalid", "a relative issuer", a_credential(issuer="issuer")),
    ("json-ld-blank-node-named", "a label", about({"id": "_:b0"})),
    ("json-ld-blank-node-named", "a label as a value", a_credential(issuer="_:b0")),
    ("json-ld-value-dropped", "a null", a_credential(description=None) | {"description": None}),
    ("json-ld-value-dropped", "a null among values", about({"p": ["a", None]}, VOCAB)),
    ("json-ld-value-dropped", "a null as @value", about({"p": {"@value": None}}, VOCAB)),
    ("json-ld-value-dropped", "a null language",
     about({"p": {"@value": "x", "@language": None}}, VOCAB)),
    ("json-ld-value-dropped", "a null in a language map",
     about({"n": {"en": None}}, {"n": {"@id": "urn:n", "@container": "@language"}})),
    ("json-ld-value-dropped", "a language and no value", about({"p": {"@language": "en"}}, VOCAB)),
    ("json-ld-value-dropped", "an index", about({"p": {"@value": "x", "@index": "i"}}, VOCAB)),
    ("json-ld-value-dropped", "an index map",
     about({"p": {"i": "x"}}, {"p": {"@id": "urn:p", "@container": "@index"}})),
    ("json-ld-value-dropped", "a bare text as a credential",
     {"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": "urn:x"}),
    ("json-ld-value-dropped", "an empty credential",
     {"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": {}}),
    ("json-ld-value-dropped", "nothing at all", {"@context": [V2]}),
    ("json-ld-value-dropped", "an id alone", {"@context": [V2], "id": "urn:x"}),
    ("json-ld-member-disguised", "a status under its IRI", a_credential(**{STATUS: STATUS_ENTRY})),
    ("json-ld-member-disguised", "under a prefix",
     about({"id": "urn:a"}, {"c": "https://www.w3.org/2018/credentials#"},
           **{"c:credentialStatus": STATUS_ENTRY})),
    ("json-ld-member-disguised", "an IRI that no term has", a_credential(**{"urn:x": "y"})),
    ("json-ld-member-disguised", "in an included block",
     {**a_credential(), "@included": [{"id": ROOT, "credentialStatus": STATUS_ENTRY}]}),
    ("json-ld-member-disguised", "in a nest", {**a_credential(), "@nest": {"validUntil": "2020"}}),
    ("json-ld-member-disguised", "in a graph", {**a_credential(), "@graph": [{"id": "urn:x"}]}),
    ("json-ld-member-disguised", "reversed",
     about({"id": "urn:a", "@reverse": {"p": {"id": ROOT}}}, VOCAB)),
    ("json-ld-member-disguised", "by a reversed term",
     about({"id": "urn:a", "of": {"id": ROOT}}, {**VOCAB, "of": {"@reverse": STATUS}})),
    ("json-ld-member-disguised", "further down under the same id",
     a_credential(evidence=[{"id": ROOT, "type": "VerifiableCredential", "validUntil": "2020-01-01T00:00:00Z"}])),
    ("json-ld-member-disguised", "the id as @id",
     {**{k: v for k, v in a_credential().items() if k != "id"}, "@id": ROOT}),
    ("json-ld-member-disguised", "the type as @type", about({"@type": "VerifiableCredential"})),
    ("json-ld-member-disguised", "a type under its IRI",
     a_credential(credentialStatus={**STATUS_ENTRY,
        "type": "https://www.w3.org/ns/credentials/status#BitstringStatusListEntry"})),
    ("json-ld-member-disguised", "a nest by another name",
     about({"id": "urn:a"}, {"labels": "@nest"}, labels={"validUntil": "2020-01-01T00:00:00Z"})),
    ("json-ld-invalid", "a protected term redefined", about({}, {"name": "urn:n"})),
    ("json-ld-invalid", "contexts forgotten", about({}, None)),
    ("json-ld-invalid", "an imported context", about({}, {"@version": 1.1, "@import": V2})),
    ("json-ld-invalid", "a number as context", about({}, 5)),
    ("json-ld-invalid", "a cyclic term", about({}, {"a": "b:x", "b": "a:x"})),
    ("json-ld-invalid", "a term in the form of a keyword", about({}, {"@salary": "urn:s"})),
    ("json-ld-member-disguised", "two ids", a_credential(**{"@id": ROOT})),
    ("json-ld-invalid", "a language that is none",
     about({"p": {"@value": "x", "@language": "no language"}}, VOCAB)),
    ("json-ld-invalid", "a text as a double",
     about({"p": "1.5"}, {"p": {"@id": "urn:p", "@type": "http://www.w3.org/2001/XMLSchema#double"}})),
    ("json-ld-invalid", "a text as a boolean",
     about({"p": "true"}, {"p": {"@id": "urn:p", "@type": "http://www.w3.org/2001/XMLSchema#boolean"}})),
    ("json-ld-invalid", "a boolean written out", about(
        {"p": {"@value": "true", "@type": "http://www.w3.org/2001/XMLSchema#boolean"}}, VOCAB)),
    ("json-ld-member-disguised", "a value wrapped up", about({"p": {"@value": True}}, VOCAB)),
    ("json-ld-invalid", "a direction that is none",
     a_credential(name={"@value": "x", "@direction": "up"})),
    ("json-ld-invalid", "a number as id", about({"id": 7})),
    ("json-ld-invalid", "a vocabulary removed twice", about({"id": "urn:a"}, {"@vocab": None})),
    ("context-unknown", "an unknown context", about({}, "https://vocab.example/v1")),
    ("context-unknown", "a relative context", about({}, "v1")),
    ("context-unknown", "an unknown nested context",
     about({"@context": "https://vocab.example/v1", "id": "urn:a"})),
    ("context-unknown", "a scoped unknown context",
     about({"p": {"q": 1}}, {"p": {"@id": "urn:p", "@context": "https://vocab.example/v1"}})),
    ("json-ld-too-large", "ten thousand contexts", about({}, *[VOCAB] * 10_000)),
    ("json-ld-too-large", "a thousand inline terms",
     about({}, {f"t{number}": f"urn:t:{number}" for number in range(1100)})),
    ("json-ld-too-large", "a million values", about({"p": list(range(50_000))}, VOCAB)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "document"),
    [(code, document) for code, _, document in REFUSED],
    ids=[name for _, name, _ in REFUSED],
)
def test_a_document_that_would_lose_or_hide_something_is_refused(
    code: str, document: JsonObject
) -> None:
    start = process_time()
    with pytest.raises(SkillPassportError) as caught:
        quads(document)
    assert caught.value.code == code, caught.value.message
    assert process_time() - start < 20


def test_a_refusal_names_what_was_written() -> None:
    with pytest.raises(SkillPassportError, match="found 'MadeUp'"):
        quads(a_credential(type=["VerifiableCredential", "MadeUp"]))
    with pytest.raises(SkillPassportError, match="found '7'"):
        quads(a_credential(id="7"))


def test_deep_nesting_is_refused() -> None:
    subject: JsonValue = "x"
    for _ in range(5000):
        subject = {"p": subject}
    with pytest.raises(JsonLdTooLarge):
        quads(about(subject, VOCAB))


def test_scoped_contexts_within_each_other_do_not_multiply_the_work() -> None:
    """Each definition with a context of its own is processed with a copy of all terms."""
    terms: JsonObject = {
        f"t{number}": {"@id": f"urn:t:{number}", "@context": {"@vocab": f"urn:{number}:"}}
        for number in range(300)
    }
    start = process_time()
    with pytest.raises(JsonLdTooLarge):
        quads(about([{f"t{number % 300}": {"a": {"b": 1}}} for number in range(6000)], terms))
    assert process_time() - start < 40


def test_what_is_refused_leaves_nothing_behind() -> None:
    """Contexts stay in memory; a hostile one must not change how the next document is read."""
    expected = lines(a_credential())
    for _, _, document in REFUSED:
        with pytest.raises(SkillPassportError):
            quads(document)
    assert lines(a_credential()) == expected
    assert load_context(V2)["@context"] == json.loads(json.dumps(load_context(V2)["@context"]))


def test_contexts_of_the_folder_are_used_and_those_of_another_are_not(tmp_path: Path) -> None:
    url = "https://vocab.example/v1"
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "context-map.json").write_text(json.dumps({url: "v1.json"}))
        (folder / "v1.json").write_text(json.dumps({"@context": {"p": f"urn:{name}:p"}}))
    document = about({"id": "urn:a", "p": "x"}, url)
    for name in ("one", "two", "one"):
        written = "".join(line_of(quad) for quad in quads(document, tmp_path / name))
        assert f"<urn:{name}:p>" in written
    with pytest.raises(ContextUnknown):
        quads(document)


def test_an_imported_context_in_the_folder_is_refused(tmp_path: Path) -> None:
    url = "https://vocab.example/v1"
    (tmp_path / "context-map.json").write_text(json.dumps({url: "v1.json"}))
    (tmp_path / "v1.json").write_text(json.dumps({"@context": {"@version": 1.1, "@import": V2}}))
    with pytest.raises(SkillPassportError, match="@import"):
        quads(about({"id": "urn:a"}, url), tmp_path)


def test_terms_of_data_model_1_1_are_read() -> None:
    document: JsonObject = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:1",
        "issuanceDate": "2020-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:2"},
    }
    assert lines(document) == lines_by_pyld(document)
