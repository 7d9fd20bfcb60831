"""The work on cases: their orders, links, tasks and notes, and what a merge has moved"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_order",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "order_number", name=op.f("pk_case_order")),
    )
    op.create_index("ix_case_order_number", "case_order", ["order_number"])
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("other_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_link")),
    )
    op.create_index("ix_case_link_other", "case_link", ["other_id"])
    op.create_table(
        "case_joining",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("into_id", sa.String(length=60), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("by_kind", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_joining")),
    )
    op.create_index("ix_case_joining_case", "case_joining", ["case_id", "at"])
    op.create_table(
        "case_task",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("assignee_id", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("result", sa.String(length=2000), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_task")),
    )
    op.create_index("ix_case_task_case", "case_task", ["case_id", "place"])
    op.create_index("ix_case_task_queue", "case_task", ["state", "queue"])
    op.create_table(
        "case_memo",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("author_kind", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.String(length=60), nullable=False),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_memo")),
    )
    op.create_index("ix_case_memo_case", "case_memo", ["case_id", "happened_at"])
    op.create_index("ix_case_file_owner", "case_file", ["owner_id", "state"])
    op.create_index("ix_case_file_merged", "case_file", ["merged_into"])
    _link_what_followed()


def _link_what_followed() -> None:
    """Cases that went on in a new one said so in their summary alone."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT id, summary, opened_at FROM case_file WHERE summary LIKE '%\"follows\"%'")
    ).all()
    for row in rows:
        label = str(json.loads(row.summary).get("follows", ""))
        number = int(label.removeprefix("C-")) if label.removeprefix("C-").isdigit() else 0
        other = connection.execute(
            sa.text("SELECT id FROM case_file WHERE number = :number"), {"number": number}
        ).scalar()
        if other is not None:
            connection.execute(
                sa.text(
                    "INSERT INTO case_link (case_id, other_id, kind, at) VALUES (:id, :other, 'follows', :at)"
                ),
                {"id": row.id, "other": other, "at": row.opened_at},
            )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
