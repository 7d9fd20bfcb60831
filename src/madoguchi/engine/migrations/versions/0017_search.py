"""what can be found, and the full-text index that follows it by triggers"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "terms, content='search_entry', content_rowid='id', tokenize='ascii', prefix='3')",
    "CREATE TRIGGER search_entry_came AFTER INSERT ON search_entry BEGIN"
    " INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE OF terms ON search_entry BEGIN"
    " INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.id, old.terms);"
    " INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER search_entry_went AFTER DELETE ON search_entry BEGIN"
    " INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.id, old.terms);"
    " UPDATE search_state SET value = 'due' WHERE name = 'scrub'; END",
)
POSTGRESQL = (
    "CREATE TABLE search_index (id BIGINT PRIMARY KEY REFERENCES search_entry (id) ON DELETE CASCADE,"
    " vector tsvector NOT NULL)",
    "CREATE INDEX search_index_vector ON search_index USING gin (vector)",
    "CREATE FUNCTION search_vector(terms text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$"
    " SELECT coalesce(string_agg(term || ':' || place, ' '), '')::tsvector"
    " FROM unnest(string_to_array(terms, ' ')) WITH ORDINALITY AS cut (term, place) $$",
    "CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO search_index (id, vector) VALUES (new.id, search_vector(new.terms))"
    " ON CONFLICT (id) DO UPDATE SET vector = excluded.vector; RETURN NULL; END $$",
    "CREATE TRIGGER search_entry_came AFTER INSERT OR UPDATE OF terms ON search_entry"
    " FOR EACH ROW EXECUTE FUNCTION search_follow()",
)


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("files", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("contact_id", "seq", name=op.f("uq_search_entry_contact_id_seq")),
    )
    op.create_table(
        "search_progress",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_search_progress")),
    )
    state = op.create_table(
        "search_state",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_state")),
    )
    op.bulk_insert(state, [{"name": "cut", "value": ""}, {"name": "scrub", "value": ""}])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
