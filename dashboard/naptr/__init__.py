"""ENUM knowledge: numbers and domain names, services, NAPTR records and the rules that keep records usable.

Pure functions and values: nothing here reads or writes. The names below are the package's public face.
"""

from dashboard.naptr.draft import (
    DEFAULT_ORDER,
    HasNaptrFields,
    HasOrder,
    NaptrDraft,
    canonical_hostdata,
    in_order,
)
from dashboard.naptr.naptr import Naptr
from dashboard.naptr.numbers import DEFAULT_SUFFIX, NumberRules, check_number, check_suffix, digits_of, domain_name
from dashboard.naptr.problems import NaptrError, NumberError, Problem
from dashboard.naptr.rules import check_draft, naptr_for
from dashboard.naptr.services import SERVICES, Service, find_service
from dashboard.naptr.sizes import MAX_ANSWER, UDP_ANSWER, answer_size
from dashboard.naptr.telephones import TELEPHONES, Outlook, Telephone, Verdict, Worsening, predict, worse
from dashboard.naptr.uris import uri_of
from dashboard.naptr.wildcards import Effect, Name, answering, deciding, effect_of, said_of

__all__ = [
    "DEFAULT_ORDER",
    "DEFAULT_SUFFIX",
    "MAX_ANSWER",
    "SERVICES",
    "TELEPHONES",
    "UDP_ANSWER",
    "Effect",
    "HasNaptrFields",
    "HasOrder",
    "Name",
    "Naptr",
    "NaptrDraft",
    "NaptrError",
    "NumberError",
    "NumberRules",
    "Outlook",
    "Problem",
    "Service",
    "Telephone",
    "Verdict",
    "Worsening",
    "answer_size",
    "answering",
    "canonical_hostdata",
    "check_draft",
    "check_number",
    "check_suffix",
    "deciding",
    "digits_of",
    "domain_name",
    "effect_of",
    "find_service",
    "in_order",
    "naptr_for",
    "predict",
    "said_of",
    "uri_of",
    "worse",
]
