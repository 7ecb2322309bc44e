"""message_words: an index of the words in texts, which the database keeps itself; see models/message_search.py"""

import unicodedata

from alembic import op

revision = '0016'
down_revision = '0015'

PUNCTUATION = "/.-@:_'\u2019&#?=%+~,"  # where PostgreSQL's parser would see paths, hosts and numbers with signs
ADDED, REMOVED = (
    "INSERT INTO message_words (rowid, body) VALUES (new.id, new.body);",
    "INSERT INTO message_words (message_words, rowid, body) VALUES ('delete', old.id, old.body);",
)


def plain_letters() -> dict[str, str]:
    """Letters with accents, of the languages that are written with Latin ones, and their base: PostgreSQL folds none by itself."""
    whole = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ı": "i"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = "".join(letter for letter in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(letter))
        if len(base) == 1 and base.isascii() and base != chr(code):
            whole[chr(code)] = base.lower()
    return whole


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE message_words USING fts5(body, content='messages', content_rowid='id', prefix='2 3',"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute("INSERT INTO message_words (rowid, body) SELECT id, body FROM messages WHERE channel = 'text'")
        for name, event, row, does in (
            ("added", "INSERT", "new", ADDED),
            ("removed", "DELETE", "old", REMOVED),
            ("changed", "UPDATE OF body", "new", REMOVED + ADDED),
        ):
            op.execute(f"CREATE TRIGGER message_words_{name} AFTER {event} ON messages WHEN {row}.channel = 'text' BEGIN {does} END")
        return
    letters = plain_letters()
    before, after = "".join(letters) + PUNCTUATION, "".join(letters.values()) + " " * len(PUNCTUATION)
    before = before.replace("'", "''")
    op.get_bind().exec_driver_sql(
        "CREATE FUNCTION message_words(body varchar) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        f" RETURN to_tsvector('simple'::regconfig, translate(body, '{before}', '{after}'))".replace("%", "%%")
    )
    op.execute("CREATE INDEX ix_messages_words ON messages USING gin (message_words(body)) WHERE channel = 'text'")
