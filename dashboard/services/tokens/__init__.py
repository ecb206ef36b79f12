"""Tokens, with which programs act for people: made, shown once, checked, revoked."""

from dashboard.services.tokens.authenticating import authenticate
from dashboard.services.tokens.digests import under_older_keys
from dashboard.services.tokens.limits import Allowance, TooManyRequests, count_request
from dashboard.services.tokens.listing import State, TokenRow, ended_tokens, rows, tokens_of_others, working_tokens
from dashboard.services.tokens.making import BadTerms, longest_life, make, revoke
from dashboard.services.tokens.refusals import Refusal, TokenRefused

__all__ = [
    "Allowance",
    "BadTerms",
    "Refusal",
    "State",
    "TokenRefused",
    "TokenRow",
    "TooManyRequests",
    "authenticate",
    "count_request",
    "ended_tokens",
    "longest_life",
    "make",
    "revoke",
    "rows",
    "tokens_of_others",
    "under_older_keys",
    "working_tokens",
]
