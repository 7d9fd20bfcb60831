"""What was measured of each contact, sums of it, saved and mailed reports, figures of other shops"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _measured()
    op.create_table(
        "figure_cell",
        sa.Column("cut", sa.String(length=60), nullable=False),
        sa.Column("grain", sa.String(length=5), nullable=False),
        sa.Column("starts", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("segment", sa.String(length=12), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "cut",
            "grain",
            "starts",
            "channel",
            "language",
            "queue",
            "kind",
            "segment",
            name=op.f("pk_figure_cell"),
        ),
    )
    op.create_table(
        "figure_state",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_figure_state")),
    )
    op.create_table(
        "saved_report",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("saved_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_report")),
    )
    op.create_table(
        "report_mail",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("rhythm", sa.String(length=8), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mail")),
    )
    op.create_table(
        "other_shop",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("shop", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("low_s", sa.Integer(), nullable=True),
        sa.Column("high_s", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=199), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_shop")),
    )


def _measured() -> None:
    texts = {
        "case_id": 60,
        "day": 10,
        "channel": 20,
        "language": 10,
        "queue": 40,
        "last_queue": 40,
        "kind": 80,
    }
    texts |= {"segment": 12, "agent_id": 60, "wait_end": 8, "reason": 60, "terms": 16}
    counts = ["hour", "said_customer", "said_assistant", "said_agent", "waited_s", "waiting_s", "transferred"]
    times = ["wait_s", "promised_low_s", "promised_high_s", "served_s", "first_assistant_s", "first_person_s"]
    times += ["hand_over_s", "handled_s", "again_s", "again_kind_s"]
    flags = [
        "escalated",
        "reopened",
        "alone",
        "day_over",
        "week_over",
        "dropped",
        "case_first",
        "case_solved",
        "counted",
    ]
    op.create_table(
        "measured_contact",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("contact_id", sa.String(length=60), nullable=True),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in texts.items()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("opened_at", "contact_at")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("entered_at", "case_at", "look_at")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*counts, "reached")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in times),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in flags),
        *(sa.Column(name, sa.Boolean(), nullable=True) for name in ("in_target", "in_24h", "letter_late")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("agents", "replies", "flows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measured_contact")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_measured_contact_contact_id")),
    )
    op.create_index("ix_measured_contact_day", "measured_contact", ["day"])
    op.create_index("ix_measured_contact_agent", "measured_contact", ["agent_id", "day"])
    op.create_index("ix_measured_contact_look_at", "measured_contact", ["look_at"])
    op.create_index("ix_measured_contact_case", "measured_contact", ["case_id"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
