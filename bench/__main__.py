"""Prints one line for each pair; the exit code is 0 whether or not goals are reached.

    python -m bench          all of them but G10
    python -m bench G4 G8    those of some goals
    python -m bench G10      a million qualifications: some minutes on each engine

G8 ratio=12.40 goal=10.00 PASS peer=openvc-core/eddsa-jcs-2022/issue rounds=5
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import cycle
from uuid import uuid4

from openvc.keys import Ed25519SigningKey
from openvc.proof.di_jcs import EddsaJcsProofSuite

from bench import over_http, qualifications, status_lists
from bench.canonicalising import canonicalising_pair
from bench.credentials import a_credential
from bench.pairing import Pair, compare
from bench.selective import selective_pairs
from skillpassport.vc.data_integrity import ProofOptions, add_proof, verify_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.keys.ed25519 import MAX_REMEMBERED
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.eddsa_jcs_2022 import EddsaJcs2022

CREATED = datetime(2026, 3, 1, tzinfo=UTC)


def eddsa_jcs_pairs() -> tuple[Pair, Pair]:
    """Return issuing and verifying `eddsa-jcs-2022` against openvc-core, each with its own proof.

    Each verifies what it issued itself: openvc-core's proofs of this suite leave out `@context`.
    """
    signer = Ed25519Signer.generate()
    issuer = did_key(signer.public_key)
    method = own_verification_method(issuer)
    credential = a_credential(issuer)
    suite = EddsaJcs2022()
    options = ProofOptions(verification_method=method, created=CREATED)
    # A signature that held is remembered by its digest; each of these is forgotten by its next turn.
    secured = cycle(
        [
            add_proof(
                {**credential, "id": f"urn:uuid:{uuid4()}"},
                suite=suite,
                signer=signer,
                options=options,
            )
            for _ in range(2 * MAX_REMEMBERED)
        ]
    )

    def we_verify() -> JsonObject:
        document = next(secured)
        proof = document["proof"]
        assert isinstance(proof, dict)
        return verify_proof(document, proof, suite=suite, key=signer.public_key)

    peer = EddsaJcsProofSuite()
    peer_key = Ed25519SigningKey.generate(method)
    peer_jwk = peer_key.public_jwk()

    def peer_issues() -> JsonObject:
        signed: JsonObject = peer.add_proof(
            credential, signing_key=peer_key, verification_method=method, created=CREATED
        )
        return signed

    peer_secured = peer_issues()
    name = "openvc-core/eddsa-jcs-2022"
    return (
        Pair(
            number="G8",
            peer=f"{name}/issue",
            goal=10,
            ours=lambda: add_proof(credential, suite=suite, signer=signer, options=options),
            theirs=peer_issues,
        ),
        Pair(
            number="G8",
            peer=f"{name}/verify",
            goal=5,
            ours=we_verify,
            theirs=lambda: peer.verify(peer_secured, public_key_jwk=peer_jwk),
        ),
    )


def main() -> None:
    """Run the pairs that were asked for, one after the other."""
    goals = (*over_http.GOALS, "G3", "G7", "G8", "G9")
    asked_for = ("G10",)  # takes minutes, so it runs only when it is named
    parser = argparse.ArgumentParser(prog="bench", description="Paired benchmarks.")
    parser.add_argument(
        "goals", nargs="*", metavar="GOAL", help=f"{', '.join((*goals, *asked_for))}"
    )
    wanted = parser.parse_args().goals or goals
    unknown = sorted(set(wanted) - set(goals) - set(asked_for))
    if unknown:
        parser.error(f"no pair is named {', '.join(unknown)}")
    for line in over_http.run(wanted):
        print(line, flush=True)
    for goal, run in _RUNS.items():
        if goal in wanted:
            for line in run():
                print(line, flush=True)


def _canonicalising() -> Iterator[str]:
    yield compare(canonicalising_pair())


def _selective() -> Iterator[str]:
    yield from map(compare, selective_pairs())


def _eddsa_jcs() -> Iterator[str]:
    yield from map(compare, eddsa_jcs_pairs())


_RUNS: Mapping[str, Callable[[], Iterable[str]]] = {
    "G3": _canonicalising,
    "G9": status_lists.run,
    "G10": qualifications.run,
    "G7": _selective,
    "G8": _eddsa_jcs,
}


if __name__ == "__main__":
    main()
