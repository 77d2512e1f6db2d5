"""Awards: what is awarded, issued, changed and verified."""
