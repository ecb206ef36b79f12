"""Certificates of a made-up authority, made once in a process, and the ways in which one may not fit."""

import datetime
import functools
import ssl
import tempfile
from pathlib import Path

import trustme

HOSTS = ("localhost", "127.0.0.1")
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
KINDS = ("good", "expired", "other-host", "other-authority")


@functools.cache
def _authority(name: str) -> trustme.CA:
    return trustme.CA(organization_name=f"{name} authority of the test registry")


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="registry-ca-")


@functools.cache
def ca_path() -> str:
    """The bundle with which the `good` certificate is checked: a PEM file."""
    path = Path(_folder().name) / "ca.pem"
    path.write_bytes(ca_pem())
    return str(path)


def ca_pem() -> bytes:
    """The authority's own certificate, PEM."""
    return _authority("first").cert_pem.bytes()


@functools.cache
def server_context(kind: str) -> ssl.SSLContext:
    """A server's TLS settings with a certificate of one of KINDS."""
    authority = _authority("second" if kind == "other-authority" else "first")
    hosts = ("registry.example",) if kind == "other-host" else HOSTS
    expiry = LONG_AGO + datetime.timedelta(days=30) if kind == "expired" else None
    certificate = authority.issue_cert(*hosts, not_before=LONG_AGO, not_after=expiry)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
