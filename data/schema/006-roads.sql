-- What the routing graph is told beside the ways: turns that are forbidden, what stands on a way, and what somebody closed
-- for a time. A closure is never deleted: lifting it is a time of its own.
CREATE TABLE turn (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    what TEXT NOT NULL,
    from_way TEXT,
    to_way TEXT,
    via_way TEXT,
    foot INTEGER NOT NULL,
    ebike INTEGER NOT NULL,
    car INTEGER NOT NULL,
    geom BLOB
) STRICT;

CREATE TABLE barrier (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    class TEXT,
    foot INTEGER NOT NULL,
    ebike INTEGER NOT NULL,
    car INTEGER NOT NULL,
    hours TEXT,
    geom BLOB
) STRICT;

CREATE TABLE closure (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    radius_m REAL,
    foot INTEGER NOT NULL,
    ebike INTEGER NOT NULL,
    car INTEGER NOT NULL,
    reason TEXT,
    at_ms INTEGER NOT NULL,
    actor TEXT,
    lifted_ms INTEGER NOT NULL,
    lifted_by TEXT,
    geom BLOB
) STRICT;

CREATE INDEX turn_import ON turn (import_id);
CREATE INDEX barrier_import ON barrier (import_id);
