"""The only outbound HTTP: a guarded client, and the documents of other hosts through it."""
