"""The HTTP edge: routes, problem documents, keys, limits, pages. Nothing below knows HTTP."""
