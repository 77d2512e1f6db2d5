"""Taking the registry out of one instance and into another, with its provenance."""
