"""The collected static files, as pages name them."""

import functools
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Files whose names change with what is in them, and nothing else: each address is put together once.

    Every page has a dozen, for which it would take as long as for asking the database who one is.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- as of any storage
        super().__init__(*args, **options)
        self.url = functools.cache(super().url)
