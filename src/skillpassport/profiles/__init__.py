"""Signing profiles: keys and DIDs of an organisation for credentials that others compose.

A profile says how such credentials are secured. It never signs awards, and its DID is never the
one under which its organisation awards.
"""
