"""The sentences of the verdicts. Each is a translator's msgid; `%(system)s` is the telephone system's label."""

from __future__ import annotations

from dashboard.enum.problems import gettext_noop

USED = gettext_noop("%(system)s calls %(uri)s.")
AGAIN = gettext_noop("The record makes an empty URI, for which %(system)s calls %(uri)s once more.")
NO_URI = gettext_noop("%(system)s tries to call “%(uri)s”, which is no URI.")
SERVICE = gettext_noop("%(system)s does not look for the service “%(service)s”.")
SWITCHED_OFF = gettext_noop("%(system)s knows the service “%(service)s”, but does not use it as it is shipped.")
UNASSIGNED = gettext_noop("%(system)s takes this record as a sign that nobody has the number.")
FLAGS = gettext_noop("%(system)s uses records with the flag “u” only; this one has “%(flags)s”.")
NO_FLAGS = gettext_noop("%(system)s uses records with the flag “u” only; this one has none.")
EMPTY = gettext_noop("The record has no pattern and no URI, so %(system)s gets nothing from it.")
SHORT = gettext_noop("The regexp has %(count)d characters; %(system)s wants at least %(limit)d.")
DELIMITER = gettext_noop("%(system)s wants “!” around the pattern and around the URI.")
DELIMITERS = gettext_noop("%(system)s wants the regexp's first character around the pattern and at the very end.")
PATTERN = gettext_noop("The pattern is no regular expression that %(system)s understands.")
NO_MATCH = gettext_noop("The pattern does not match %(number)s.")
GROUPS = gettext_noop("The pattern has %(count)d groups; %(system)s takes at most %(limit)d.")
REFERENCE = gettext_noop("The URI wants group %(group)d of the pattern, which %(system)s does not get.")
CRASH = gettext_noop("The URI wants group %(group)d of the pattern, at which %(system)s reads too far and may crash.")
BACKSLASH = gettext_noop("The URI ends with a backslash, which %(system)s takes for an error.")
CHARACTER = gettext_noop("The URI has a character that %(system)s takes for an error.")
NOTHING = gettext_noop("The record makes an empty URI, so %(system)s gets nothing from it.")
TOO_LONG = gettext_noop("The URI has more than %(limit)d characters, which is too long for %(system)s.")
NO_ROUTE = gettext_noop("%(system)s has no route for “%(uri)s” as it is shipped; it wants “sip:” in small letters.")
BROKEN_PATTERN = gettext_noop("A “/” in the pattern ends it too early for %(system)s.")
UNPREDICTABLE = gettext_noop("What %(system)s makes of this pattern cannot be predicted; do not rely on it.")
EXPANDED = gettext_noop(
    "%(system)s takes “${” in the URI for a variable or a command of its own, and runs it before it calls."
)
DOUBLE = gettext_noop("The DNS keeps one of two equal records.")
SURPLUS = gettext_noop("%(system)s takes at most %(limit)d addresses of a number.")

DROPPED = gettext_noop("Not used, because record %(place)d makes %(system)s drop the whole number.")

CALLS_ONE = gettext_noop("%(system)s calls %(uri)s.")
CALLS_MORE = gettext_noop("%(system)s tries %(count)d addresses, %(uri)s first.")
CALLS_ONE_WITH = gettext_noop(
    "%(system)s calls %(uri)s, but only with %(needs)s, which current versions lack; docs/telephones.md has a "
    "dialplan."
)
CALLS_MORE_WITH = gettext_noop(
    "%(system)s tries %(count)d addresses, %(uri)s first, but SIP ones only with %(needs)s, which current versions "
    "lack; docs/telephones.md has a dialplan."
)
NO_RECORDS = gettext_noop("%(system)s finds nothing: no records were found for this number.")
NONE_FITS = gettext_noop("%(system)s finds nothing to call: it can use none of the number's records.")
TOO_SHORT_NUMBER = gettext_noop("%(system)s asks for numbers of at least %(limit)d digits; this one has %(count)d.")
TOO_LONG_NUMBER = gettext_noop("%(system)s asks for numbers of at most %(limit)d digits; this one has %(count)d.")
ANSWER = gettext_noop("The answer has %(count)d octets; %(system)s reads no more than %(limit)d and finds nothing.")

# Why one record spoils the whole number, as one sentence on the number.
DROPS = {
    "flags": gettext_noop("%(system)s drops the whole number because record %(place)d does not have the flag “u”."),
    "empty": gettext_noop("%(system)s drops the whole number because record %(place)d has no pattern and no URI."),
    "short": gettext_noop("%(system)s drops the whole number because the regexp of record %(place)d is too short."),
    "delimiter": gettext_noop(
        "%(system)s drops the whole number because the delimiters in the regexp of record %(place)d are wrong."
    ),
    "no-match": gettext_noop(
        "%(system)s drops the whole number because the pattern of record %(place)d does not match it."
    ),
    "groups": gettext_noop(
        "%(system)s drops the whole number because the pattern of record %(place)d has too many groups."
    ),
    "reference": gettext_noop(
        "%(system)s drops the whole number because the URI of record %(place)d wants a group that is not there."
    ),
    "character": gettext_noop(
        "%(system)s drops the whole number because the URI of record %(place)d has a character it does not take."
    ),
    "too-long": gettext_noop("%(system)s drops the whole number because the URI of record %(place)d is too long."),
    "crash": gettext_noop("%(system)s may crash: record %(place)d makes it read behind its list of groups."),
    "unpredictable": gettext_noop(
        "%(system)s may drop the whole number: what it makes of the pattern of record %(place)d cannot be predicted."
    ),
}

LOSES_NUMBER = gettext_noop("Somebody who uses %(system)s can no longer call this number.")
LOSES_URI = gettext_noop("Somebody who uses %(system)s no longer gets to %(uri)s.")
LOSES_URIS = gettext_noop("Somebody who uses %(system)s no longer gets to %(uri)s and %(count)d more.")
