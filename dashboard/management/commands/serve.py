"""`manage.py serve`: from a bare machine to a running site."""

import os
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from dashboard.management import static_files
from dashboard.management.base import PlainCommand
from dashboard.platform import locks, metrics
from dashboard.registry import zones
from dashboard.registry.samples import make_sample_account
from dashboard.services import credentials, installation
from e164web import cache, keyfile, port, presence

SAMPLE_ACCOUNT = "sample"
SAMPLE_LABEL = "Sample numbers"
# With -P, since the folder that somebody starts it in may hold another e164web: a checkout.
GUNICORN = (sys.executable, "-P", "-m", "e164web.gunicorn", "-c", "python:e164web.gunicorn", "e164web.wsgi")
PREPARING = 600.0  # seconds that one start may let another wait
RULE = "-" * 72


class Command(PlainCommand):
    """Prepares the database and the static files, makes the first administrator, and serves."""

    help = "Prepare everything that is missing, then serve the site until it is stopped (Ctrl-C)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then become gunicorn. Raises CommandError."""
        configuration = settings.E164WEB
        if configuration.url.is_https and not configuration.trusted_proxies:
            raise CommandError(
                "E164WEB_URL begins with https://, but no proxy is trusted to say that a request came over TLS. "
                "Set E164WEB_TRUSTED_PROXIES to the address of your TLS proxy."
            )
        try:
            # Before anything is made; e164web.gunicorn then keeps it.
            port.take(configuration.host, configuration.port).close()
            # One after another, on all machines: the second finds everything done.
            with locks.held("prepare the database", locks.after(PREPARING)) as has_it:
                if not has_it:
                    raise CommandError("Another start has been preparing the database for ten minutes. Is it stuck?")
                self.prepare()
        except (port.PortRefused, installation.NotInstallable, zones.NotPrepared) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as failure:
            raise CommandError(
                f"{failure.filename or settings.E164WEB.data_dir} cannot be used: {failure.strerror or failure}. "
                "Check who owns it, and the space left on the disk."
            ) from failure
        metrics.forget_the_dead()
        connections.close_all()
        self.stdout.flush()
        set_environment()
        become_gunicorn()

    def prepare(self) -> None:
        """Bring the database and the static files to what this version needs.

        Raises OSError, NotInstallable and NotPrepared.
        """
        migrate()
        presence.insist_on_common_keys()
        if not cache.is_reached():
            self.stderr.write(
                "The cache of E164WEB_CACHE_URL does not answer. The database takes its place until it does."
            )
        if static_files.collect():
            self.stdout.write("The static files are collected.")
        configuration = settings.E164WEB
        installation.allow_embedded_registry()
        installation.allow_registries(configuration.registries, configuration.registry_ca)
        made = zones.prepare(
            configuration.suffix, configuration.zone, configuration.name_servers, configuration.tsig_key
        )
        for server in made:
            self.stdout.write(f"The name server {server} gets the zone {server.zone}.")
        self.warn_about_open_folder()
        self.warn_about_lost_keys()
        if installation.is_first_start():
            # All or nothing: a first start that is killed half-way is done anew. The embedded registry, which is
            # asked meanwhile, answers in this process and on this connection.
            with transaction.atomic():
                self.first_start(configuration.admin_password, sample_data=configuration.sample_data)

    def first_start(self, given: str, *, sample_data: bool) -> None:
        """Make the administrator and the sample account, and print a password that was made up, once."""
        password = given or installation.random_password()
        administrator = installation.make_administrator(password)
        if sample_data:
            sample_password = installation.random_password()
            make_sample_account(SAMPLE_ACCOUNT, sample_password)
            credentials.add_credential(
                administrator,
                installation.allow_embedded_registry(),
                username=SAMPLE_ACCOUNT,
                password=sample_password,
                label=SAMPLE_LABEL,
                keep_unproven=True,  # a first start does not end because a busy machine was slow
            )
        if given:
            self.stdout.write(f"The user “{installation.ADMINISTRATOR}” has the password of E164WEB_ADMIN_PASSWORD.")
            self.warn_about(given)
            return
        self.stdout.write(
            f"{RULE}\n"
            f"  Sign in at {settings.E164WEB.url}\n\n"
            f"      user name   {installation.ADMINISTRATOR}\n"
            f"      password    {password}\n\n"
            "  This password is shown only now. Change it after signing in.\n"
            f"{RULE}"
        )

    def warn_about_open_folder(self) -> None:
        """Say it when others on this machine can look into the data folder. Raises OSError."""
        folder = settings.E164WEB.data_dir
        if keyfile.is_open_to_others(folder):
            self.stderr.write(
                f"The data folder {folder} can be read by everybody on this machine. Run: chmod o= {folder}"
            )

    def warn_about_lost_keys(self) -> None:
        """Say it when secrets cannot be opened: somebody may have restored the database without its keys."""
        closed = installation.credentials_that_do_not_open()
        if closed:
            self.stderr.write(
                f"{closed} of the credentials cannot be opened with these keys. Put the key file back from your "
                "backup, or enter the passwords of those credentials again."
            )

    def warn_about(self, password: str) -> None:
        """Say it when the administrator's password, which came from the environment, is a weak one."""
        try:
            validate_password(password)
        except ValidationError as error:
            self.stderr.write(f"E164WEB_ADMIN_PASSWORD is weak. {' '.join(error.messages)} Change it soon.")


def migrate() -> None:
    """Bring the database to the present models, and make the table of the cache. Quick where nothing is to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)


def set_environment() -> None:
    """Leave to the programs that follow what they need, and no more."""
    # They have done their work, and a server that lives for months need not carry them.
    for name in ("E164WEB_ADMIN_PASSWORD", "E164WEB_TSIG_KEY"):
        os.environ.pop(name, None)
    # glibc makes a heap for each thread and raises the size below which it uses one (mallopt(3)): all of them would
    # keep pieces of long lists. With both set, a worker that lists 100,000 numbers stays a third smaller.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "131072")
    base = str(settings.BASE_DIR)
    known = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [base, known]))


def become_gunicorn() -> None:
    """Replace this process, so that whoever stops it (Ctrl-C, docker stop) stops gunicorn itself."""
    os.execv(sys.executable, GUNICORN)  # noqa: S606 -- our own interpreter, fixed arguments
