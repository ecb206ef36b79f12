"""The operations of the API, a module a subject: turn what was said into values, call one service, say the rest."""
