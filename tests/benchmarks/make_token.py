"""`python -m tests.benchmarks.make_token`: a token of the administrator's, on its output."""

import os
from datetime import timedelta

import django


def main() -> None:
    """Print it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    from django.utils import timezone

    from dashboard.models import Scope, User
    from dashboard.services import tokens

    expires = timezone.now() + timedelta(days=1)
    _token, text = tokens.make(
        User.objects.get(username="admin"), name="benchmark", scope=Scope.READ, expires_at=expires
    )
    print(text)


if __name__ == "__main__":
    main()
