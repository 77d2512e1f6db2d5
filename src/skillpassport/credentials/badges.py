"""An award as a badge: a picture that carries the whole signed document, to be shown and verified.

The picture names what was awarded and by whom, and never the person; those who need to know find the
person in the document inside.
"""

from html import escape
from typing import Final

from skillpassport.credentials.model import Format, IssuedCredential
from skillpassport.errors import SkillPassportError
from skillpassport.vc.badges.svg import bake_svg
from skillpassport.vc.jose import parse_jws
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object

MEDIA_TYPE: Final = "image/svg+xml"

_MAX_CHARACTERS: Final = 40
_PICTURE: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">\
<title>{title}</title>\
<path d="M200 12l163 94v188l-163 94-163-94V106z" fill="#0b4f6c"/>\
<path d="M200 36l142 82v164l-142 82-142-82V118z" fill="#fff"/>\
<g font-family="sans-serif" text-anchor="middle" fill="#0b4f6c">\
<text x="200" y="196" font-size="{size}" font-weight="bold">{title}</text>\
<text x="200" y="236" font-size="13">{issuer}</text></g></svg>"""


def badge_of(credential: IssuedCredential) -> bytes:
    """Return the badge of an award as SVG, with the document in it exactly as it was signed.

    Raises: BadgeImpossible (no Open Badge), BadgeImageRefused for a text that no XML can hold
    Source: Open Badges 3.0, section 5.3, which knows JSON documents and compact JWS alone
    """
    if credential.format is Format.SD_JWT_VC:
        raise BadgeImpossible(credential.format)
    document = _content(credential.document)
    issuer = document.get("issuer")
    title = _shown(document.get("name"))
    picture = _PICTURE.format(
        title=escape(title),
        issuer=escape(_shown(issuer.get("name") if isinstance(issuer, dict) else None)),
        size=22 if len(title) < _MAX_CHARACTERS / 2 else 13,
    )
    return bake_svg(picture.encode(), credential.document)


def _content(text: str) -> JsonObject:
    return parse_object(text) if text.startswith("{") else parse_jws(text).payload


def _shown(value: JsonValue) -> str:
    text = value if isinstance(value, str) else ""
    return text if len(text) <= _MAX_CHARACTERS else f"{text[: _MAX_CHARACTERS - 1]}…"


class BadgeImpossible(SkillPassportError):
    """The award's document is none that a badge may carry."""

    code = "badge-impossible"
    public = ("format",)

    def __init__(self, form: Format) -> None:
        super().__init__(
            f"Expected an award as an Open Badge, found one in the format '{form}', of which the "
            "holder shows parts; supersede it in another format to get a badge."
        )
        self.format = form.value
