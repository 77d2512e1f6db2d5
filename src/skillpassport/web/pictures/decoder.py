"""Reads the QR codes of one picture: bytes on standard input, JSON on standard output.

A program of its own, started for one picture: decoders of pictures are written in C and fed by
strangers, so they work in a process that has a small memory, a short time, no secrets in its
environment and one job. It imports nothing of the product, and its decoders only when it runs.

Output: {"texts": [...]}, or {"fault": "too-large" | "unreadable"}
"""

import json
import sys
from collections.abc import Iterator
from io import BytesIO

MAX_PIXELS = 50_000_000
"""As the file's head announces them, before any is decoded; a phone's sensor has 12 to 50 million."""

MAX_PIXELS_EXACT = 25_000_000
"""Of other formats than JPEG, which alone is decoded at a smaller scale: 50 million clear ones take more
than a second. Screens and scans of a page at 300 dots an inch have fewer than ten."""

MAX_SIDE = 20_000
WORKING_SIDE = 2_400
"""Pixels along the longer side that are searched: a QR of 33 modules may fill a thirtieth of it."""

MAX_PAGES = 3
MAX_CODES = 8
MAX_TEXT = 8_000
"""Characters; a QR holds 7,089 digits at most (ISO/IEC 18004)."""

MEMORY_BYTES = 1024**3
CPU_SECONDS = 6
OUTPUT_BYTES = 1024**2


class TooLarge(Exception):
    """The picture announces more pixels than are decoded here."""


def restrict() -> None:
    """Let the kernel end this process where it takes more than one picture needs."""
    try:
        import resource  # noqa: PLC0415 - Unix alone has it; elsewhere the caller's deadline holds
    except ImportError:
        return
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def pictures_in(content: bytes) -> Iterator[object]:
    """Yield what to search, in shades of grey: a picture, or the first pages of a PDF."""
    if content.startswith(b"%PDF-"):
        yield from pages_of(content)
        return
    from PIL import Image, ImageOps  # noqa: PLC0415 - after the limits are set

    Image.MAX_IMAGE_PIXELS = None  # the size is known before a pixel is decoded, and checked here
    with Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
        width, height = picture.size
        most = MAX_PIXELS if picture.format == "JPEG" else MAX_PIXELS_EXACT
        if width * height > most or max(width, height) > MAX_SIDE:
            raise TooLarge
        picture.draft("L", (WORKING_SIDE, WORKING_SIDE))  # JPEG is decoded at a smaller scale
        has_clear_parts = picture.mode in {"RGBA", "LA", "PA", "P"}
        plain = picture.convert("RGBA" if has_clear_parts else "L")
    plain.thumbnail((WORKING_SIDE, WORKING_SIDE))
    if has_clear_parts:  # what is transparent is paper
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain).convert("L")
    yield ImageOps.expand(plain, border=16, fill=255)  # a cropped QR has no quiet zone


def pages_of(content: bytes) -> Iterator[object]:
    """Yield the first pages of a PDF, drawn at the size that is searched."""
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        longer = max(*page.get_size(), 1.0)
        drawn = page.render(scale=min(WORKING_SIDE / longer, 8.0), grayscale=True)
        yield drawn.to_pil()


def texts_in(content: bytes) -> list[str]:
    """Return what the QR codes say, each text once."""
    import zxingcpp  # noqa: PLC0415

    qr_codes = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    texts: dict[str, None] = {}
    for picture in pictures_in(content):
        for code in zxingcpp.read_barcodes(picture, formats=qr_codes):
            if code.valid and 0 < len(code.text) <= MAX_TEXT:
                texts[code.text] = None
    return list(texts)[:MAX_CODES]


def answer(content: bytes) -> dict[str, object]:
    """Return what is written to standard output."""
    try:
        return {"texts": texts_in(content)}
    except TooLarge:
        return {"fault": "too-large"}
    except Exception:  # noqa: BLE001 - whatever a decoder says of a stranger's bytes, it is this
        return {"fault": "unreadable"}


if __name__ == "__main__":
    restrict()
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read())))
