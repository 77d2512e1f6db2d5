"""What a holder does with an SD-JWT: choose what to show, and sign for it.

Follows RFC 9901, section 7.2.
"""

from collections.abc import Collection

from skillpassport.vc.sdjwt.refusals import DisclosureRefused
from skillpassport.vc.sdjwt.revealing import Path
from skillpassport.vc.sdjwt.serialization import SdJwt


def disclosable_paths(sd_jwt: SdJwt) -> tuple[Path, ...]:
    """Return the paths of all claims that the holder may show or withhold.

    Raises: DisclosureRefused, SdHashRefused
    """
    return tuple(sd_jwt.revealed().places)


def select(sd_jwt: SdJwt, paths: Collection[Path]) -> SdJwt:
    """Return the SD-JWT with the disclosures of these claims, and of what they lie in.

    What lies below a chosen claim and is disclosable itself stays withheld unless it is chosen too.

    sd_jwt: with all disclosures, as it was issued
    paths: as `disclosable_paths` gives them; positions count from the array as it was issued
    Raises: DisclosureRefused (a path that is not disclosable), SdHashRefused
    Source: RFC 9901, section 7.2
    """
    places = sd_jwt.revealed().places
    unknown = [path for path in paths if path not in places]
    if unknown:
        raise DisclosureRefused("paths of disclosable claims", f"{len(unknown)} others")
    chosen = {path[:length] for path in paths for length in range(1, len(path) + 1)}
    selected = {disclosure.encoded for path, disclosure in places.items() if path in chosen}
    return sd_jwt.with_disclosures(
        [disclosure for disclosure in sd_jwt.disclosures if disclosure.encoded in selected]
    )
