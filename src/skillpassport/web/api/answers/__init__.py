"""The shapes of answers about trust, awards and verdicts, as `/openapi.json` describes them.

Instants and days stay the texts that they are: these models describe, and rewrite nothing.
"""
