"""Indexes of the trigrams of a column `text`, made by migrations: one machine for every table that has one.

PostgreSQL has one on the column, in an extension which the owner of a database may make. Where that is refused,
searching reads all texts, and a system check says what to do. SQLite has one in an FTS5 table that triggers keep.
SQLite forgets them when Django makes a table anew: a later migration that alters such a model must make them again
(`make_triggers`); tests/models/test_searching.py notices.
"""

# The names in its statements are those of our own tables.
# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"


@dataclass(frozen=True, kw_only=True)
class TextIndex:
    """The index `name` of a table's texts.

    For SQLite `rowid` and `text` say, of a `{row}`, under which id what is indexed; both follow the columns `of`.
    What no column has is only in the index, which needs nothing else to be read.
    """

    table: str
    name: str
    rowid: str = "{row}.id"
    text: str = "{row}.text"
    of: Sequence[str] = ("text",)

    @property
    def is_of_columns(self) -> bool:
        """Whether the table itself has what is indexed."""
        return (self.rowid, self.text) == ("{row}.id", "{row}.text")

    @property
    def triggers(self) -> dict[str, str]:
        """What keeps SQLite's index, by name."""
        forget = (
            f"INSERT INTO {self.name} ({self.name}, rowid, text) "
            f"VALUES ('delete', {self.rowid.format(row='old')}, {self.text.format(row='old')});"
        )
        learn = (
            f"INSERT INTO {self.name} (rowid, text) "
            f"VALUES ({self.rowid.format(row='new')}, {self.text.format(row='new')});"
        )
        changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in self.of)
        return {
            f"{self.name}_made": f"AFTER INSERT ON {self.table} BEGIN {learn} END",
            f"{self.name}_gone": f"AFTER DELETE ON {self.table} BEGIN {forget} END",
            f"{self.name}_changed": (
                f"AFTER UPDATE OF {', '.join(self.of)} ON {self.table} WHEN {changed} BEGIN {forget} {learn} END"
            ),
        }

    @property
    def postgresql(self) -> str:
        """PostgreSQL's index: without a list of what waits to be indexed, which every search would read through."""
        return f"CREATE INDEX {self.name} ON {self.table} USING gin (text gin_trgm_ops) WITH (fastupdate = off)"

    def make_triggers(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Make the triggers of SQLite."""
        for name, what in self.triggers.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {what}", params=None)

    def make(self, schema_editor: BaseDatabaseSchemaEditor, *, extension: str = EXTENSION) -> None:
        """Make the index, of what the table has already."""
        vendor = schema_editor.connection.vendor
        if vendor == "sqlite":
            self._make_for_sqlite(schema_editor)
        elif vendor == "postgresql":
            try:
                with transaction.atomic(schema_editor.connection.alias):
                    schema_editor.execute(extension, params=None)
                    schema_editor.execute(self.postgresql, params=None)
            except DatabaseError:
                return  # what is missing is said by the check e164web.W001

    def _make_for_sqlite(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        # Which trigrams are in a text, and not where: that is looked for in the text itself.
        content = f"'{self.table}', content_rowid='id'" if self.is_of_columns else "''"
        options = f"content={content}, tokenize='trigram', detail='none'"
        schema_editor.execute(f"CREATE VIRTUAL TABLE {self.name} USING fts5(text, {options})", params=None)
        # Small pages: to find the next row in one, SQLite reads all of it.
        schema_editor.execute(f"INSERT INTO {self.name} ({self.name}, rank) VALUES ('pgsz', 500)", params=None)
        rowid, text = (what.format(row=self.table) for what in (self.rowid, self.text))
        fill = f"INSERT INTO {self.name} (rowid, text) SELECT {rowid}, {text} FROM {self.table}"
        schema_editor.execute(fill, params=None)
        self.make_triggers(schema_editor)

    def remove(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Remove it."""
        vendor = schema_editor.connection.vendor
        if vendor == "sqlite":
            for name in self.triggers:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            schema_editor.execute(f"DROP TABLE {self.name}")
        elif vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {self.name}")
