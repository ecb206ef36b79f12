"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes, the OWASP cheat sheet's first recommendation.

    Django's own 100 MiB would let a burst of sign-ins in 32 threads take gigabytes.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
