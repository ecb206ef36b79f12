"""Changing the keys: in two steps, at any moment interruptible, and beside people at work."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import transaction

from dashboard import vault
from dashboard.management.commands import rotate_credential_keys as rotate
from dashboard.models import AuditHead, Credential, Registry, User
from dashboard.protocol import secret_of
from dashboard.registry.models import NameServer, Zone
from dashboard.services import audit, telling
from dashboard.services.tokens import authenticate
from e164web import servers
from tests.fixtures_audit import last
from tests.fixtures_tokens import ADDRESS, token_of
from tests.prepared import prepare
from tests.programs import ROOT, environment, manage

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = secret_of("hunter2")
TSIG_KEY = "hmac-sha256:e164web:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(settings: Any, tmp_path: Path) -> UseKeys:
    """Go on as after a restart with other keys, in a data folder of this test's own."""

    def use(*keys: str) -> None:
        settings.E164WEB = replace(settings.E164WEB, credential_keys=list(keys), data_dir=tmp_path)

    return use


@pytest.fixture
def five(person: User, embedded: Registry, use_keys: UseKeys) -> list[Credential]:
    """Five credentials under the old key, in an installation that now has a new one."""
    use_keys(OLD)
    made = [seal_row(person, embedded, f"user{i}", f"{SECRET[:-1]}{i}") for i in range(5)]
    use_keys(NEW, OLD)
    return made


def seal_row(person: User, registry: Registry, username: str, secret: str) -> Credential:
    credential = Credential.objects.create(user=person, registry=registry, username=username, label=username)
    Credential.objects.filter(pk=credential.pk).update(sealed=vault.seal(credential, secret))
    return credential


def opened() -> list[str]:
    return [vault.unseal(credential) for credential in Credential.objects.order_by("pk")]


def test_every_secret_is_sealed_anew_and_the_old_key_can_go(
    five: list[Credential], use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rotate_credential_keys")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "5 sealed anew, 0 already under the newest key, 0 cannot be opened."
    assert said[1].startswith("The keys after the first may be removed.")
    use_keys(NEW)
    assert opened() == [f"{SECRET[:-1]}{i}" for i in range(5)]


def test_the_keys_of_name_servers_are_sealed_anew_too(
    db: None, use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(OLD)
    server = NameServer.objects.create(zone=Zone.current(), address="192.0.2.53", key_name="hmac-sha256:e164web")
    server.sealed = vault.seal(server, TSIG_KEY)
    server.save()
    use_keys(NEW, OLD)

    call_command("rotate_credential_keys")

    use_keys(NEW)
    assert vault.unseal(NameServer.objects.get()) == TSIG_KEY
    assert capsys.readouterr().out.startswith("1 sealed anew")


def test_the_secrets_of_webhooks_are_sealed_anew_too_and_one_that_cannot_be_opened_is_named(
    person: User, use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(OTHER)
    telling.add_webhook(person, "https://lost.example.org/", team=None)
    use_keys(OLD)
    webhook, secret = telling.add_webhook(person, "https://hooks.example.org/", team=None)
    use_keys(NEW, OLD)

    with pytest.raises(CommandError):
        call_command("rotate_credential_keys")

    assert "secret of the webhook https://lost.example.org/ cannot be opened" in capsys.readouterr().err
    use_keys(NEW)
    assert vault.unseal(webhook.secrets.get()) == secret


def test_a_name_servers_key_that_cannot_be_opened_is_named(
    db: None, use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(OTHER)
    server = NameServer.objects.create(zone=Zone.current(), address="192.0.2.53", key_name="hmac-sha256:e164web")
    NameServer.objects.filter(pk=server.pk).update(sealed=vault.seal(server, TSIG_KEY))
    use_keys(NEW, OLD)

    with pytest.raises(CommandError):
        call_command("rotate_credential_keys")

    assert "The key of the name server 192.0.2.53 cannot be opened" in capsys.readouterr().err


def test_second_factors_are_sealed_anew_too_and_one_that_does_not_open_is_named(
    db: None, person: User, stranger: User, use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(OLD)
    app = TOTP.activate(person, "JBSWY3DPEHPK3PXP").instance
    codes = RecoveryCodes.activate(person).get_unused_codes()
    use_keys(OTHER)
    TOTP.activate(stranger, "JBSWY3DPEHPK3PXP")
    use_keys(NEW, OLD)

    with pytest.raises(CommandError):
        call_command("rotate_credential_keys")

    said = capsys.readouterr()
    assert said.out.startswith("2 sealed anew, 0 already under the newest key, 1 cannot be opened.")
    assert "of mallory cannot be opened" in said.err
    use_keys(NEW)
    app.refresh_from_db()
    assert decrypt(app.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert RecoveryCodes.activate(person).get_unused_codes() == codes


def test_a_second_run_finds_nothing_to_do(five: list[Credential], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_credential_keys")
    before = list(Credential.objects.order_by("pk").values_list("sealed", flat=True))
    capsys.readouterr()
    call_command("rotate_credential_keys")
    assert capsys.readouterr().out.startswith("0 sealed anew, 5 already under the newest key")
    assert list(Credential.objects.order_by("pk").values_list("sealed", flat=True)) == before


def test_an_interruption_between_two_rows_leaves_all_of_them_whole(
    five: list[Credential], use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_anew, seen = rotate.seal_anew, []

    def interrupted(rows: rotate.Rows) -> rotate.Fate:
        seen.append(rows)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return seal_anew(rows)

    monkeypatch.setattr(rotate, "seal_anew", interrupted)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_credential_keys")
    monkeypatch.setattr(rotate, "seal_anew", seal_anew)
    assert opened() == [f"{SECRET[:-1]}{i}" for i in range(5)]
    call_command("rotate_credential_keys")
    use_keys(NEW)
    assert opened() == [f"{SECRET[:-1]}{i}" for i in range(5)]


def test_a_password_that_is_changed_at_the_same_moment_is_not_lost(
    five: list[Credential], use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    reseal, changed = vault.reseal, secret_of("changed meanwhile")

    def slow_reseal(credential: Credential) -> str | None:
        sealed = reseal(credential)
        if credential.pk == five[2].pk and vault.unseal(credential) != changed:
            # A server that still seals under the old key saves between our read and our write.
            use_keys(OLD)
            Credential.objects.filter(pk=credential.pk).update(sealed=vault.seal(credential, changed))
            use_keys(NEW, OLD)
        return sealed

    monkeypatch.setattr(vault, "reseal", slow_reseal)
    call_command("rotate_credential_keys")
    use_keys(NEW)
    assert opened()[2] == changed


def test_a_credential_that_is_removed_meanwhile_is_no_fault(
    five: list[Credential], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reseal = vault.reseal

    def slow_reseal(credential: Credential) -> str | None:
        sealed = reseal(credential)
        if credential.pk == five[2].pk:
            Credential.objects.filter(pk=credential.pk).delete()
        return sealed

    monkeypatch.setattr(vault, "reseal", slow_reseal)
    call_command("rotate_credential_keys")
    assert capsys.readouterr().out.startswith("4 sealed anew, 0 already under the newest key, 0 cannot")


def test_rows_that_cannot_be_opened_are_named_and_left_alone(
    five: list[Credential], use_keys: UseKeys, person: User, embedded: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(OTHER)
    lost = seal_row(person, embedded, "lost", SECRET)
    use_keys(NEW, OLD)
    Credential.objects.filter(pk=five[1].pk).update(sealed=Credential.objects.get(pk=five[0].pk).sealed)
    Credential.objects.filter(pk=five[3].pk).update(sealed="tampered")
    before = dict(Credential.objects.values_list("pk", "sealed"))
    with pytest.raises(CommandError, match="Keep every key"):
        call_command("rotate_credential_keys")
    said = capsys.readouterr()
    assert said.out == "3 sealed anew, 0 already under the newest key, 3 cannot be opened.\n"
    assert f"Credential {lost.pk} (“lost” of alice) cannot be opened with these keys" in said.err
    assert len(said.err.splitlines()) == 3
    after = dict(Credential.objects.values_list("pk", "sealed"))
    assert {pk for pk in before if before[pk] == after[pk]} == {five[1].pk, five[3].pk, lost.pk}


def test_a_copied_row_under_the_newest_key_is_named_too(five: list[Credential]) -> None:
    call_command("rotate_credential_keys")
    Credential.objects.filter(pk=five[1].pk).update(sealed=Credential.objects.get(pk=five[0].pk).sealed)
    with pytest.raises(CommandError):
        call_command("rotate_credential_keys")


@pytest.fixture
def server_of(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """A server of this data folder that runs with some keys, until it is ended."""
    running: list[subprocess.Popen[bytes]] = []
    code = (
        "import sys, pathlib; from e164web import servers;"
        "kept = servers.announce(pathlib.Path(sys.argv[1]), sys.argv[2:]); print(flush=True); sys.stdin.read()"
    )

    def start(*keys: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", code, str(tmp_path), *keys]
        server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        running.append(server)
        assert server.stdout is not None
        server.stdout.readline()
        return server

    yield start  # type: ignore[misc]
    for server in running:
        server.kill()
        server.communicate()


def test_nothing_is_sealed_anew_while_a_server_could_not_open_it(
    five: list[Credential], server_of: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    old, new = server_of(OLD), server_of(NEW, OLD)
    before = list(Credential.objects.values_list("sealed", flat=True))
    with pytest.raises(CommandError, match=rf"\(process {old.pid}\).*Restart it first; nothing was changed"):
        call_command("rotate_credential_keys")
    assert list(Credential.objects.values_list("sealed", flat=True)) == before
    old.kill()
    old.wait()
    call_command("rotate_credential_keys")
    assert servers.without_key(tmp_path, NEW) == []
    assert servers.without_key(tmp_path, OTHER) == [new.pid]


def test_a_server_is_known_for_as_long_as_any_of_its_workers_lives(tmp_path: Path) -> None:
    announcement = servers.announce(tmp_path, [OLD])
    assert servers.without_key(tmp_path, NEW) == [os.getpid()]
    assert servers.without_key(tmp_path, OLD) == []
    (path,) = (tmp_path / servers.FOLDER).iterdir()
    assert OLD not in path.read_text()
    worker = os.dup(announcement.fileno())
    announcement.close()
    assert servers.without_key(tmp_path, NEW) == [os.getpid()]
    os.close(worker)
    assert servers.without_key(tmp_path, NEW) == []
    assert not path.exists()


@pytest.mark.usefixtures("trail")
def test_the_audit_trail_outlives_the_keys_that_are_removed_afterwards(use_keys: UseKeys) -> None:
    use_keys(OLD)
    with transaction.atomic():
        AuditHead.locked().accept()
    audit.note("test", by=None)
    use_keys(NEW, OLD)
    call_command("rotate_credential_keys")
    use_keys(NEW)
    assert audit.verify().count == 2
    assert (last().event, last().words) == ("keys.rotated", "0 sealed anew")


# --- the whole program --------------------------------------------------------------------------------------------


def test_a_new_key_is_put_first_and_nothing_else_happens(tmp_path: Path) -> None:
    prepare(tmp_path)
    path = tmp_path / "credential.keys"
    old = path.read_text().strip()
    done = manage(tmp_path, "rotate_credential_keys", "--generate")
    assert done.returncode == 0, done.stderr
    assert "restart e164web" in done.stdout
    new, second = path.read_text().split()
    assert second == old
    assert Fernet(new)
    assert new not in done.stdout + done.stderr
    assert path.stat().st_mode & 0o777 == 0o600


def test_keys_of_the_environment_are_not_ours_to_change(tmp_path: Path) -> None:
    done = manage(tmp_path, "rotate_credential_keys", "--generate", CREDENTIAL_KEYS=OLD)
    assert done.returncode == 1
    assert done.stderr.startswith("The keys are in E164WEB_CREDENTIAL_KEYS: put a new one before the others there")
    assert OLD not in done.stderr
    assert not (tmp_path / "credential.keys").exists()


def test_a_named_key_file_is_changed_where_it_is(tmp_path: Path) -> None:
    named = tmp_path / "elsewhere.keys"
    named.write_text(f"{OLD},{OTHER}")
    done = manage(tmp_path / "var", "rotate_credential_keys", "--generate", CREDENTIAL_KEYS_FILE=str(named))
    assert done.returncode == 0, done.stderr
    assert named.read_text().split()[1:] == [OLD, OTHER]


def test_killed_at_some_moment_it_leaves_every_row_openable(tmp_path: Path) -> None:
    rows = 400
    prepare(tmp_path)
    fill = (
        "from dashboard import vault; from dashboard.models import *\n"
        "u = User.objects.create(username='u'); r = Registry.objects.create(name='r', url='https://r.example/')\n"
        "one = lambda i: Credential(user=u, registry=r, username=str(i), label=str(i))\n"
        f"cs = Credential.objects.bulk_create([one(i) for i in range({rows})])\n"
        f"for c in cs: c.sealed = vault.seal(c, '{SECRET}')\n"
        "Credential.objects.bulk_update(cs, ['sealed'])"
    )
    assert manage(tmp_path, "shell", "-v0", "-c", fill).returncode == 0
    before = sealed_rows(tmp_path)
    assert len(before) == rows
    manage(tmp_path, "rotate_credential_keys", "--generate")
    with subprocess.Popen(
        [sys.executable, "manage.py", "rotate_credential_keys"], cwd=ROOT, env=environment(tmp_path)
    ) as running:
        while running.poll() is None:
            if len(sealed_rows(tmp_path) & before) < rows - 5:
                running.send_signal(signal.SIGKILL)
                break
    check = (
        "from dashboard import vault; from dashboard.models import *\n"
        f"print({{vault.unseal(c) for c in Credential.objects.all()}} == {{'{SECRET}'}})"
    )
    assert manage(tmp_path, "shell", "-v0", "-c", check).stdout.strip() == "True"
    done = manage(tmp_path, "rotate_credential_keys")
    assert done.returncode == 0
    assert not sealed_rows(tmp_path) & before
    path = tmp_path / "credential.keys"
    path.write_text(path.read_text().split()[0])
    assert manage(tmp_path, "shell", "-v0", "-c", check).stdout.strip() == "True"


def sealed_rows(data_dir: Path) -> set[str]:
    with sqlite3.connect(data_dir / "e164web.sqlite3") as database:
        found = {sealed for (sealed,) in database.execute("SELECT sealed FROM dashboard_credential")}
    database.close()
    return found


def test_a_key_is_kept_for_as_long_as_a_token_that_was_not_used_since_needs_it(
    person: User, use_keys: UseKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(OLD)
    _, text = token_of(person)
    use_keys(NEW, OLD)
    with pytest.raises(CommandError, match="Keep every key for now: 1 token will"):
        call_command("rotate_credential_keys")
    authenticate(f"Bearer {text}", ADDRESS)
    call_command("rotate_credential_keys")
    assert "The keys after the first may be removed." in capsys.readouterr().out
    use_keys(NEW)
    assert authenticate(f"Bearer {text}", ADDRESS) == person
