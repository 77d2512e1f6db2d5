"""Credentials in SVG files: one `openbadges:credential` element, with the text in it or in `verify`.

Follows Open Badges 3.0, section 5.3.2, and 2.0's `openbadges:assertion` for naming what is older.

Read by expat with every door shut: nothing is fetched, no entities, no other encoding than UTF-8, bounded
in size, depth and number of elements.
"""

from dataclasses import dataclass, field
from html import escape
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from skillpassport.vc.badges import MAX_BADGE_BYTES, BadgeImageRefused

NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"

_SVG: Final = "http://www.w3.org/2000/svg svg"
_BAKED: Final = frozenset({"credential", "assertion"})
_MAX_DEPTH: Final = 200
_MAX_ELEMENTS: Final = 100_000
_STARTS_WITH: Final = "ey"


def read_svg(image: bytes) -> str | None:
    """Return the text that is baked into an SVG file; None when there is none.

    Raises: BadgeImageRefused (no well-formed SVG, with a document type, two credentials)
    """
    found = _read(image).found
    if len(found) > 1:
        raise BadgeImageRefused("one credential in the picture", str(len(found)))
    return found[0] if found else None


def bake_svg(image: bytes, credential: str) -> bytes:
    """Return the SVG file with the credential in it.

    credential: JSON or a compact token, as it was signed
    Raises: BadgeImageRefused (also for one that holds a credential already)
    """
    reading = _read(image, with_offsets=True)
    at = reading.after_root_tag
    if reading.found or at is None or image[:at].endswith(b"/>"):
        raise BadgeImageRefused("a picture with something in it and no credential", "another")
    named = f'xmlns:openbadges="{NAMESPACE}"'
    if credential.startswith(_STARTS_WITH):
        body = f'<openbadges:credential {named} verify="{escape(credential)}"/>'
    else:
        body = f"<openbadges:credential {named}>{escape(credential)}</openbadges:credential>"
    return image[:at] + body.encode() + image[at:]


@dataclass(slots=True)
class _Reading:
    """What was met in a file so far.

    after_root_tag: offset in octets of whatever comes first inside the root element
    """

    parser: XMLParserType
    found: list[str] = field(default_factory=list)
    after_root_tag: int | None = None
    _root_at: int = 0
    _depth: int = 0
    _elements: int = 0
    _text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.inside()
        if self._depth == 0 and name != _SVG:
            raise BadgeImageRefused("an SVG picture", "another kind of XML")
        if self._depth == 0:
            self._root_at = self.parser.CurrentByteIndex
        if self._text is not None:
            raise BadgeImageRefused("nothing but text in the credential's element", "elements")
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise BadgeImageRefused("a picture that is not too intricate", "another")
        namespace, _, local = name.rpartition(" ")
        if local in _BAKED and namespace and "svg" not in namespace:
            self._text = [attributes["verify"]] if attributes.get("verify") else []

    def end(self, name: str) -> None:
        self.inside()
        self._depth -= 1
        if name.rpartition(" ")[2] in _BAKED and self._text is not None:
            self.found.append("".join(self._text).strip())
            self._text = None

    def text(self, data: str) -> None:
        self.inside()
        if self._text is not None:
            self._text.append(data)

    def inside(self) -> None:
        """Note where the inside of the root element begins."""
        at = self.parser.CurrentByteIndex
        if self._depth == 1 and self.after_root_tag is None and at > self._root_at:
            self.after_root_tag = at

    def doctype(
        self, _name: str, _system: str | None, _public: str | None, has_subset: object
    ) -> None:
        """Let a mere name of the document type pass: nothing is fetched for it."""
        if has_subset:
            self.refuse()

    def refuse(self, *_: object) -> int:
        raise BadgeImageRefused("a picture without entities", "one that defines or uses them")


def _read(image: bytes, *, with_offsets: bool = False) -> _Reading:
    if len(image) > MAX_BADGE_BYTES:
        raise BadgeImageRefused(f"at most {MAX_BADGE_BYTES} bytes", "a larger picture")
    parser = ParserCreate("UTF-8", namespace_separator=" ")
    reading = _Reading(parser)
    # Offsets of a buffered text would be those of its end; else each line is a call.
    parser.buffer_text = not with_offsets
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.SkippedEntityHandler = reading.refuse
    parser.EntityDeclHandler = reading.refuse
    parser.ExternalEntityRefHandler = reading.refuse
    parser.CommentHandler = lambda _: reading.inside()
    parser.ProcessingInstructionHandler = lambda *_: reading.inside()
    try:
        parser.Parse(image, True)  # noqa: FBT003 - this is the whole of it
    except (ExpatError, ValueError) as error:
        raise BadgeImageRefused("well-formed XML in UTF-8", "another text") from error
    return reading
