"""Who: organisations, their keys and rights, and accreditation."""
