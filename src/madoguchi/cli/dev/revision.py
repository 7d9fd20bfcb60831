"""`madoguchi dev revision`: write the next schema revision from the difference between code and newest revision."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp
from alembic.runtime.migration import MigrationContext
from sqlalchemy.types import TypeDecorator

from madoguchi.building import metadata
from madoguchi.engine import migrations
from madoguchi.engine.database import Database


def revision_command(
    name: Annotated[str, typer.Argument(help="Short name, e.g. `articles`.")],
    number: Annotated[str, typer.Option(help="Revision number; default: the next.")] = "",
) -> None:
    """Write the next schema revision; read it before you commit it."""
    code = difference()
    versions = Path(migrations.__file__).parent / "versions"
    before = sorted(path.stem for path in versions.glob("[0-9]*.py"))
    number = number or f"{len(before) + 1:04d}"
    previous = f'"{before[-1][:4]}"' if before else "None"
    path = versions / f"{number}_{name}.py"
    path.write_text(
        _TEMPLATE.format(title=name.replace("_", " "), number=number, previous=previous, code=code)
    )
    typer.echo(str(path))


def difference() -> str:
    """Alembic operations, as Python, that lead from the newest revision to the tables of the code."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        migrations.migrate(database)
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False})
            operations = produce_migrations(context, metadata).upgrade_ops
            assert operations is not None
            for made in operations.ops:
                if isinstance(made, CreateTableOp):
                    made.info = {}  # whose rows a table holds is no part of the schema
            code = render_python_code(operations, render_item=_plain_types)
        database.close()
    return code


def _plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    return False


_TEMPLATE = '''"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {previous}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {code}


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
'''
