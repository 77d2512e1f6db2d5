"""Documents with other values in the places of some of their own, hostile ones among them."""

from hypothesis import strategies as st

from skillpassport.vc.strict_json import JsonObject, JsonValue

ROOT = "urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d"

TEXTS = st.sampled_from(
    [
        "", "plain", "Alignment", "name", "type", "id", "en", "VerifiableCredential", "%s 100%",
        'a "quoted" \\ text', "line\nfeed\r\ttab", "\x00\x7f\u2028\ufffe", "漢字 \U0001f600", "ar",
        "@id", "@type", "@vocab", "@foo", "_:b0", "relative", "//host/x", "#x", "?x", "a b:c",
        "urn:t:colon", "p:x", "p:", "ext:Foo", "https://www.w3.org/2018/credentials#name",
        "https://vocab.example/#p", "https://own.example/Type", "own:Type", "Own", "own",
        "https://a.example/", "https://a.example/é?x#y", "HTTPS://a.example/", "https:a.example",
        "urn:a", "urn:b", "urn://a", "did:key:z6Mk", "did:web:a.example%3A80", "urn:a b", "urn:a\n",
        "urn:<a>", "urn:\\", "mailto:a@b.example", ROOT, "2026-01-01T00:00:00Z", "x" * 3000,
    ]
)  # fmt: skip
NUMBERS = st.sampled_from([0, 1, -1, 7, 2**53 - 1, 2**53, 10**21, 0.5, 1.5, -2.25, 3.0, 1e21, 1e-7])
VALUES: st.SearchStrategy[JsonValue] = TEXTS | st.text(max_size=8) | NUMBERS | st.booleans()


def with_other_leaves(document: JsonObject, draw: st.DrawFn, share: int = 4) -> JsonObject:
    """Return a copy in which about one text or number in so many is another, of the same kind."""
    copy = _changed(document, draw, share)
    assert isinstance(copy, dict)
    return copy


def _changed(value: JsonValue, draw: st.DrawFn, share: int) -> JsonValue:
    if isinstance(value, dict):
        return {
            name: member if name == "@context" else _changed(member, draw, share)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [_changed(item, draw, share) for item in value]
    if isinstance(value, bool | None) or draw(st.integers(0, share)):
        return value
    if isinstance(value, str):
        return draw(TEXTS | st.text(max_size=8))
    return draw(NUMBERS)
