"""One tamper-evident log of what an instance did: an append-only Merkle tree with signed heads.

Hashing follows RFC 6962 (and RFC 9162), signed heads follow C2SP tlog-checkpoint. Nothing here
reads or writes: the database keeps the entries, this package says what they must look like.
"""
