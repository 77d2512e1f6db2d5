"""Keys that encrypt keys, and what is encrypted under them.

The hierarchy: master key → organisation keys → signing keys, and master key → key of the
subject-key store → subject keys. Each wrapped key names the version of its parent, so that the
master key can be changed without touching what lies below.
"""
