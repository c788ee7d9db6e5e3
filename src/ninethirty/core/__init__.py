"""The rules: small pure modules that are told the time, and import no web, database or network."""
