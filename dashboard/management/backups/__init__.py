"""Backups: written in one step, restored after they were looked at, and proven by a drill.

`archive` is the file: the database and a manifest that says what must be in it. `engines` copies a database out and
in.
`restoring` puts a backup back, and `drill` into a scratch place, where it is proven. Keys are never in it.
"""
