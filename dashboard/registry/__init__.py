"""The embedded registry: the protocol's server side, with its own accounts, numbers and records."""
