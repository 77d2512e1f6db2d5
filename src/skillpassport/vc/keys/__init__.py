"""Public keys in their published forms, and the port behind which private keys stay.

Ed25519, P-256 and P-384 sign and verify; RSA only verifies what others signed.
"""

from skillpassport.vc.keys.ed25519 import ED25519
from skillpassport.vc.keys.elliptic import P256, P384
from skillpassport.vc.keys.public_key import PublicKey
from skillpassport.vc.keys.refusal import KeyRefused
from skillpassport.vc.keys.rsa import RSA
from skillpassport.vc.keys.signers import (
    EcdsaSigner,
    Ed25519Signer,
    LocalSigner,
    Signer,
    generate_signer,
    signer_from_private_bytes,
)

__all__ = [
    "ED25519",
    "P256",
    "P384",
    "RSA",
    "EcdsaSigner",
    "Ed25519Signer",
    "KeyRefused",
    "LocalSigner",
    "PublicKey",
    "Signer",
    "generate_signer",
    "signer_from_private_bytes",
]
