"""The limits of a NAPTR record, and the regexp of our records that lead everybody to the same place."""

MAX_STRING = 255  # octets of a character-string on the wire (RFC 1035 s3.3)

# The pattern matches with and without the + in front; one that wants it, as ^\+ does, makes Asterisk drop all
# records of the number when it is dialled without. Only ! works as a delimiter everywhere.
REGEXP = "!^.*$!%s!"
MAX_URI = MAX_STRING - len(REGEXP % "")

# Characters. Nothing of this length becomes a URI that fits, so it is not worth the work of reading.
MAX_HOSTDATA = 2048
