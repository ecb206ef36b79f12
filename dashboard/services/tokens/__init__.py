"""Tokens, with which programs act for people: made, shown once, checked, revoked."""

from dashboard.services.tokens.authenticating import authenticate
from dashboard.services.tokens.limits import Allowance, TooManyRequests, count_request
from dashboard.services.tokens.making import BadTerms, make, revoke
from dashboard.services.tokens.refusals import Refusal, TokenRefused

__all__ = [
    "Allowance",
    "BadTerms",
    "Refusal",
    "TokenRefused",
    "TooManyRequests",
    "authenticate",
    "count_request",
    "make",
    "revoke",
]
