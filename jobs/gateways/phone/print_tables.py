"""Where the stand-in of a print service keeps its cards, in the phone's own file."""

# asked for each time the file is opened: those of before postcards lack them
TABLES = (
    """
CREATE TABLE IF NOT EXISTS postcard (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL,
    fields TEXT NOT NULL, front BLOB NOT NULL, back BLOB NOT NULL, status TEXT NOT NULL, asked INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account, key)
)
""",
    """
CREATE TABLE IF NOT EXISTS postcard_event (
    id INTEGER PRIMARY KEY, event TEXT NOT NULL, postcard TEXT NOT NULL, type TEXT NOT NULL, at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, claimed_until REAL NOT NULL DEFAULT 0, outcome TEXT
)
""",
    "CREATE TABLE IF NOT EXISTS print_webhook (account TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL) WITHOUT ROWID",
)
