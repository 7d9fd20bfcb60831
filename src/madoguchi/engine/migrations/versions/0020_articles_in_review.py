"""Articles: drafts in review, what a text was translated from, searches without an answer, why an article did not help"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("number", "translated_number"):
        op.add_column("article_text", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "article_text",
        sa.Column("translated_from", sa.String(length=10), nullable=False, server_default=""),
    )
    # Which text a change was about was not kept: every text counts as changed with its article.
    op.execute(
        "UPDATE article_text SET number = COALESCE("
        "(SELECT article.version FROM article WHERE article.id = article_text.article_id), 1)"
    )
    op.create_table(
        "article_draft",
        sa.Column("article_id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("writers", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=60), nullable=False),
        sa.Column("approved_name", sa.String(length=120), nullable=False),
        sa.Column("live_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_draft")),
    )
    op.create_table(
        "article_gap",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("searchers", sa.Text(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_gap")),
    )
    op.create_index("ix_article_gap_last", "article_gap", ["last_at"])
    op.create_table(
        "article_feedback",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_feedback")),
    )
    op.create_index("ix_article_feedback_at", "article_feedback", ["at"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
