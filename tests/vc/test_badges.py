"""Pictures with a credential baked in: read within bounds, written, and never trusted for it."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillpassport.vc.badges import MAX_BADGE_BYTES, PNG_SIGNATURE, BadgeImageRefused
from skillpassport.vc.badges.png import KEYWORD, bake_png, read_png
from skillpassport.vc.badges.svg import bake_svg, read_svg
from skillpassport.vc.recognition import Form
from skillpassport.vc.report import Verdict
from tests.support.credentials import a_credential, a_token, codes_of, signed_text, verified
from tests.support.foreign import OPEN_TO_ALL
from tests.support.shared_data import shared_data


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


HEADER = chunk(b"IHDR", (1).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0]))
PIXEL = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND")
PNG = PNG_SIGNATURE + HEADER + PIXEL + END
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><title>Welder</title></svg>'
SIGNED = signed_text(a_credential(name="Welder ]]> <&> é"))
TOKEN = a_token(a_credential())


def png_with(*chunks: bytes) -> bytes:
    return PNG_SIGNATURE + HEADER + b"".join(chunks) + PIXEL + END


def itxt(text: bytes, *, keyword: bytes = KEYWORD, flags: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


@pytest.mark.parametrize("credential", [SIGNED, TOKEN])
def test_what_was_baked_is_read_and_verified(credential: str) -> None:
    for image, read in (
        (bake_png(PNG, credential), read_png),
        (bake_svg(SVG, credential), read_svg),
    ):
        assert read(image) == credential
        verification = verified(image)
        assert verification.report.verdict is Verdict.VALID
        assert verification.form in {Form.DATA_INTEGRITY, Form.VC_JWT}


def test_baking_a_png_anew_replaces_what_was_there() -> None:
    assert read_png(bake_png(bake_png(PNG, SIGNED), TOKEN)) == TOKEN


def test_pictures_without_a_badge_are_named() -> None:
    assert read_png(PNG) is None
    assert read_svg(SVG) is None
    for image, name in (
        (PNG, "a PNG image without a badge"),
        (SVG, "an SVG image without a badge"),
    ):
        verification = verified(image)
        assert verification.report.verdict is Verdict.UNREADABLE
        assert str(verification.seems_to_be).startswith(name)


HOSTILE_PNG = {
    "cut off": PNG[:-3],
    "no end": PNG_SIGNATURE + HEADER,
    "no header": PNG_SIGNATURE + PIXEL + END,
    "two headers": png_with(HEADER),
    "another checksum": PNG[:-1] + b"x",
    "a length beyond the file": PNG_SIGNATURE + b"\xff\xff\xff\xff" + HEADER[4:],
    "two credentials": png_with(itxt(SIGNED.encode()), itxt(TOKEN.encode())),
    "a credential of each version": png_with(
        itxt(SIGNED.encode()), itxt(b"{}", keyword=b"openbadges")
    ),
    "compressed": png_with(itxt(zlib.compress(SIGNED.encode()), flags=b"\1\0")),
    "a bomb": png_with(itxt(zlib.compress(b" " * 10_000_000), flags=b"\1\0")),
    "zTXt": png_with(chunk(b"zTXt", KEYWORD + b"\0\0" + zlib.compress(b"{}"))),
    "no language": png_with(chunk(b"iTXt", KEYWORD + b"\0\0\0{}")),
    "no UTF-8": png_with(itxt(b"\xff\xfe")),
    "too many chunks": png_with(chunk(b"tEXt", b"a\0") * 20_001),
    "too large": PNG + bytes(MAX_BADGE_BYTES),
}


@pytest.mark.parametrize("name", HOSTILE_PNG)
def test_a_png_that_hides_or_breaks_something_is_refused(name: str) -> None:
    image = HOSTILE_PNG[name]
    with pytest.raises(BadgeImageRefused):
        read_png(image)
    verification = verified(image)
    assert verification.report.verdict is Verdict.UNREADABLE
    assert codes_of(verification) == {"badge-image-refused"}


NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0"'
BAKED = "<o:credential>{}</o:credential>"
HOSTILE_SVG = {
    "cut off": SVG[:-2].decode(),
    "another root": '<a xmlns:svg="x"><svg/></a>',
    "no namespace": "<svg/>",
    "two credentials": f"<svg {NS}>{BAKED * 2}</svg>",
    "one in another": f"<svg {NS}><o:credential>{BAKED}</o:credential></svg>",
    "entities": f'<!DOCTYPE svg [<!ENTITY a "{{}}">]><svg {NS}><o:credential>&a;</o:credential></svg>',
    "laughs": '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "a file": f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg {NS}>&a;</svg>',
    "an entity of nowhere": f'<!DOCTYPE svg SYSTEM "x.dtd"><svg {NS}><o:credential>&a;</o:credential></svg>',
    "too deep": f"<svg {NS}>" + "<g>" * 300 + "</g>" * 300 + "</svg>",
    "too many": f"<svg {NS}>" + "<g/>" * 100_001 + "</svg>",
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><svg/>',
    "a NUL": f"<svg {NS}>\0</svg>",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_SVG)
def test_an_svg_that_hides_or_breaks_something_is_refused(name: str) -> None:
    image = HOSTILE_SVG[name].encode()
    with pytest.raises(BadgeImageRefused):
        read_svg(image)
    assert verified(image).report.verdict is Verdict.UNREADABLE


def test_a_document_type_by_name_alone_is_let_pass() -> None:
    """1EdTech's own badge has one; nothing is fetched for it."""
    image = b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD" "http://x.example/a.dtd">\n'
    assert read_svg(bake_svg(image + SVG, SIGNED)) == SIGNED


def test_an_svg_that_says_another_encoding_is_read_as_utf_8() -> None:
    image = b'<?xml version="1.0" encoding="iso-8859-1"?>' + SVG
    assert read_svg(bake_svg(image, SIGNED)) == SIGNED


def test_a_picture_cannot_lie_in_a_picture() -> None:
    image = bake_svg(SVG, bake_svg(SVG, SIGNED).decode())
    assert verified(image).report.verdict is Verdict.UNREADABLE
    with pytest.raises(BadgeImageRefused):
        bake_svg(bake_svg(SVG, SIGNED), SIGNED)
    with pytest.raises(BadgeImageRefused):
        bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg"/>', SIGNED)


REAL = [
    ("simple-json.png", "undetermined"),
    ("simple-json.svg", "undetermined"),
    ("simple-jwt_v1.png", "undetermined"),
    ("simple-jwt_v1.svg", "undetermined"),
]


@pytest.mark.data
@pytest.mark.parametrize(("name", "verdict"), REAL)
def test_badges_of_1edtech_are_read(name: str, verdict: str) -> None:
    raw = (shared_data() / "credentials/ob3-1edtech" / name).read_bytes()
    report = verified(raw, policy=OPEN_TO_ALL).report
    assert report.verdict == verdict
    assert {check.code: check.outcome for check in report.checks}["proof-valid"] == "passed"


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    assert read_png(bake_png(PNG, text)) == text
    if not text.startswith("ey"):
        assert read_svg(bake_svg(SVG, text)) == text.strip()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(PNG) + 60), st.binary(max_size=8))
def test_a_picture_with_octets_exchanged_is_read_or_refused(at: int, octets: bytes) -> None:
    for image in (bake_png(PNG, '{"a":1}'), bake_svg(SVG, '{"a":1}')):
        broken = image[:at] + octets + image[at + len(octets) :]
        assert verified(broken).report.verdict in {Verdict.UNREADABLE, Verdict.INVALID}
