"""Alembic runs this file, with the connection that migrate.py gave it."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,  # SQLite changes a table by writing a new one
)
# Alembic joins the transaction that the connection is in, so all steps happen or none.
with context.begin_transaction():
    context.run_migrations()
