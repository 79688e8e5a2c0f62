-- One UTC day of positions. hot is an append-only log: a row for each group of fixes that was acknowledged together.
-- last is each unit's newest fix of the day.
PRAGMA application_id = 1196573012; -- "GRBT"
PRAGMA user_version = 1;
CREATE TABLE hot (
    seq INTEGER PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    fixes BLOB NOT NULL -- n records of 36 bytes, little-endian, as geo/store/sqlite-tracks.c packs them
) STRICT;
CREATE INDEX hot_time ON hot (from_ms, to_ms);
CREATE TABLE last (unit_id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, fix BLOB NOT NULL) STRICT;
