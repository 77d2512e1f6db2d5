"""Comparability statements: an answer of the registry as a signed document that can be cited.

A statement says what the registry answered on a day, and by which rules. When the registry comes to
answer differently, the statement is superseded by another version; it still shows what held.
"""
