"""JSON-LD contexts, bundled byte for byte; an unknown one is an error, never a fetch."""
