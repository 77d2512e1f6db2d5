"""Storage: the only package that knows SQL. Stores take and return the domains' frozen values."""
