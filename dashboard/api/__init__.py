"""A door: the API for programs, JSON over HTTPS with tokens. It does what pages do, with the same services."""
