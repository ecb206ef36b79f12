"""The E164.org remote management protocol, version 1.0: values to bytes and bytes to values, for both roles.

Pure: no input or output, and nothing but the standard library. A value that cannot be sent cannot be made
(LocalProtocolError), and any bytes end in a value or in RemoteProtocolError.
"""

from dashboard.protocol.commands import (
    COMMANDS,
    Command,
    Delete,
    DeleteAll,
    GetNaptr,
    List,
    ListServices,
    MyIp,
    New,
    Ping,
    Show,
    Update,
    Write,
)
from dashboard.protocol.errors import LocalProtocolError, ProtocolError, RemoteProtocolError
from dashboard.protocol.reply import (
    TERMINATOR,
    Reply,
    bad_reply,
    decode_reply,
    encode_head,
    encode_number,
    encode_record,
    encode_reply,
    ok_reply,
)
from dashboard.protocol.request import Request, decode_request, encode_request, secret_of
from dashboard.protocol.rows import (
    address_in,
    new_id_in,
    numbers_in,
    record_in,
    records_in,
    services_in,
)
from dashboard.protocol.values import (
    DEFAULT_ORDER,
    MAX_ID_DIGITS,
    MAX_UINT16,
    Number,
    Record,
    RecordData,
    RecordState,
    whole_number,
)

__all__ = [
    "COMMANDS",
    "DEFAULT_ORDER",
    "MAX_ID_DIGITS",
    "MAX_UINT16",
    "TERMINATOR",
    "Command",
    "Delete",
    "DeleteAll",
    "GetNaptr",
    "List",
    "ListServices",
    "LocalProtocolError",
    "MyIp",
    "New",
    "Number",
    "Ping",
    "ProtocolError",
    "Record",
    "RecordData",
    "RecordState",
    "RemoteProtocolError",
    "Reply",
    "Request",
    "Show",
    "Update",
    "Write",
    "address_in",
    "bad_reply",
    "decode_reply",
    "decode_request",
    "encode_head",
    "encode_number",
    "encode_record",
    "encode_reply",
    "encode_request",
    "new_id_in",
    "numbers_in",
    "ok_reply",
    "record_in",
    "records_in",
    "secret_of",
    "services_in",
    "whole_number",
]
