"""The name in the DNS that a number has, and whether that is one of a block."""

from dashboard.enum import Name
from dashboard.protocol import Number, Record


def is_block(number: Number | Record) -> bool:
    """Whether it stands for all numbers that begin with its digits: the local number then ends in "*"."""
    return number.local.rstrip().endswith("*")


def name_of(number: Number | Record) -> Name:
    """The name in the DNS that holds its records."""
    return Name(number.digits, is_block(number))
