"""ENUM knowledge: numbers and domain names, services, NAPTR records and the rules that keep records usable.

Pure functions and values: nothing here reads or writes. The names below are the package's public face.
"""

from dashboard.enum.inverse import Inexact, record_of
from dashboard.enum.naptr import Naptr
from dashboard.enum.numbers import DEFAULT_SUFFIX, NumberRules, check_number, check_suffix, digits_of, domain_name
from dashboard.enum.order import HasRecordData, in_order
from dashboard.enum.placeholders import has_placeholder
from dashboard.enum.plans import is_public, without_trunk_prefix
from dashboard.enum.problems import NaptrError, NumberError, Problem
from dashboard.enum.raw import check_raw, publishable, read_raw
from dashboard.enum.reading import read_fields, read_number, without_star
from dashboard.enum.rules import check_draft, naptr_for
from dashboard.enum.searching import Sought, read_sought
from dashboard.enum.services import (
    SERVICES,
    Service,
    allow_experimental,
    experimental_service,
    find_service,
    known_services,
)
from dashboard.enum.sizes import MAX_ANSWER, UDP_ANSWER, answer_size
from dashboard.enum.uris import uri_of
from dashboard.enum.wildcards import Effect, Name, answering, deciding, effect_of, effect_problems
from dashboard.enum.zone_files import ZoneRecord, read_zone
from dashboard.enum.zone_lines import read_zone_lines

__all__ = [
    "DEFAULT_SUFFIX",
    "MAX_ANSWER",
    "SERVICES",
    "UDP_ANSWER",
    "Effect",
    "HasRecordData",
    "Inexact",
    "Name",
    "Naptr",
    "NaptrError",
    "NumberError",
    "NumberRules",
    "Problem",
    "Service",
    "Sought",
    "ZoneRecord",
    "allow_experimental",
    "answer_size",
    "answering",
    "check_draft",
    "check_number",
    "check_raw",
    "check_suffix",
    "deciding",
    "digits_of",
    "domain_name",
    "effect_of",
    "effect_problems",
    "experimental_service",
    "find_service",
    "has_placeholder",
    "in_order",
    "is_public",
    "known_services",
    "naptr_for",
    "publishable",
    "read_fields",
    "read_number",
    "read_raw",
    "read_sought",
    "read_zone",
    "read_zone_lines",
    "record_of",
    "uri_of",
    "without_star",
    "without_trunk_prefix",
]
