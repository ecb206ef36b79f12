"""A hash that costs nothing and counts how often it was asked."""

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """Stands for the slow hash: whether it ran is what the tests want to know."""

    algorithm = "counting"
    checks: ClassVar[int] = 0

    def verify(self, password: str, encoded: str) -> bool:
        """Count, and check."""
        type(self).checks += 1
        return super().verify(password, encoded)
