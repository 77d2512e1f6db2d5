"""The skills passport: signed skills credentials, and what they mean in another country."""
