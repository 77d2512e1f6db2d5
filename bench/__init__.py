"""Paired benchmarks: ours and a peer's, alternating in one run. Run by `make bench`."""
