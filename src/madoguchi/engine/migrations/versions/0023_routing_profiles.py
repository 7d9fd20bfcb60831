"""Routing profiles, proficiency, relaxation, overflow, after-contact work, statuses of the house"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routing_profile",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("queues", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_profile")),
    )
    op.add_column("queue", sa.Column("level", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("queue", sa.Column("relaxation", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("queue", sa.Column("overflow", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("queue", sa.Column("after_contact_s", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "queue_place", sa.Column("channel", sa.String(length=20), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE queue_place SET channel = COALESCE("
        "(SELECT contact.channel FROM contact WHERE contact.id = queue_place.contact_id), '')"
    )
    op.add_column("agent_status", sa.Column("kind", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("agent_status", sa.Column("until", sa.BigInteger(), nullable=True))
    op.add_column("agent", sa.Column("profile_id", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("agent", sa.Column("levels", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
