"""An instance of the product for the benchmarks, with an issuer and an award."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from skillpassport.bootstrap import open_instance
from skillpassport.credentials.model import Format
from skillpassport.profiles.creating import ProfileWish
from skillpassport.profiles.model import KeyType, Method, Securing
from skillpassport.settings import load_settings

PROFILES = (Securing.VC_JWT, Securing.EDDSA_JCS_2022, Securing.EDDSA_RDFC_2022)
"""Signing profiles of the issuer, each under its securing as slug."""

PUBLIC_URL = "http://localhost:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A data folder that is ready to be served.

    token: an award of this instance as `vc+jwt`
    signer: the issuer's public key, 32 octets
    """

    folder: Path
    provider: str
    api_key: str
    achievement: str
    token: str
    signer: bytes

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings under which a server opens the folder."""
        return {
            "SKILLPASSPORT_DATA_DIR": str(self.folder),
            "SKILLPASSPORT_PUBLIC_URL": PUBLIC_URL,
            "SKILLPASSPORT_RATE_LIMITS": "off",
            "SKILLPASSPORT_SEED": "none",
        }


def prepare(folder: Path) -> Prepared:
    """Make an instance with the demonstration's organisations in an empty folder."""
    settings = load_settings(data_dir=folder, public_url=PUBLIC_URL, rate_limits="off", seed="demo")
    instance = open_instance(settings)
    try:
        shown = instance.prepare().demonstration[0]
        award = replace(shown.award, format=Format.VC_JWT)
        credential = instance.issue(shown.provider, award)
        with instance.database.snapshot() as work:
            active = work.signing_keys.active(shown.provider.id, instance.clock.now())
        for securing in PROFILES:
            wish = ProfileWish(
                slug=securing.value.replace("+", "-"),
                securing=securing,
                key_type=KeyType.ED25519,
                did_method=Method.KEY,
            )
            instance.create_profile(shown.provider, wish)
        return Prepared(
            folder=folder,
            provider=shown.provider.slug,
            api_key=shown.provider_key,
            achievement=award.achievement.slug,
            token=credential.document,
            signer=active.signer.public_key.raw,
        )
    finally:
        instance.close()
