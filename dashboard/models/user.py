"""People."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.token import Token

MAX_USERNAME = 150  # characters; Django's own limit
BROWSERS = "browser"  # in place of a language or a time zone: that of the browser
MAX_LANGUAGE = 20
MAX_TIME_ZONE = 64


class Theme(models.TextChoices):
    """The colours of the pages. "auto" follows the browser."""

    AUTO = "auto", _("automatic, as the browser has it")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class User(AbstractUser):
    """A person who signs in, and how they want to be shown things.

    `language` and `time_zone` are a code of LANGUAGES and a name of IANA's, or BROWSERS. What is not known any more
    counts as BROWSERS (`dashboard.web.preferences`). `theme` is empty for who never chose one: then what the browser
    remembers from the switch in the header counts.

    ``token`` is the one with which the person acts at this moment (`services.tokens`), None for who has signed in.
    Whatever they may do is then no more than it allows (`dashboard.access`).
    """

    token: Token | None = None

    language = models.CharField(_("language"), max_length=MAX_LANGUAGE, default=BROWSERS)
    time_zone = models.CharField(_("time zone"), max_length=MAX_TIME_ZONE, default=BROWSERS)
    theme = models.CharField(_("colours"), max_length=5, choices=Theme.choices, blank=True, default="")
    email_notices = models.BooleanField(_("e-mail notices"), default=True)
