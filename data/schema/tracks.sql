-- One UTC day of positions. hot is an append-only log: a row for each group of fixes that was acknowledged together.
-- From time to time it is sealed: a block holds what was hot, unit by unit, as pieces of geo/model/trackcode.h, in
-- segments that fill a page each and lie near each other where the units did.
PRAGMA auto_vacuum = INCREMENTAL;
VACUUM;
PRAGMA application_id = 1196573012; -- "GRBT"
CREATE TABLE hot (
    seq INTEGER PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    n INTEGER NOT NULL,
    came_ms INTEGER NOT NULL, -- when it came in: what lies here for long is sealed
    fixes BLOB NOT NULL -- n records of 36 bytes, little-endian, as geo/store/day.c packs them
) STRICT;
CREATE INDEX hot_time ON hot (from_ms, to_ms);
CREATE TABLE unit (slot INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE) STRICT; -- from 0, without gaps
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL, -- of the newest fix
    n INTEGER NOT NULL,
    boxes BLOB NOT NULL -- of each segment: min x, min y, max x, max y as 32-bit cells, little-endian
) STRICT;
CREATE INDEX block_time ON block (from_ms, to_ms);
CREATE TABLE segment (id INTEGER PRIMARY KEY, pieces BLOB NOT NULL) STRICT; -- id: block * 65536 + number
-- Where a unit's first piece of a block is: 2 bytes for each slot from part * 2000 on, 65535: nowhere. Not for blocks of
-- few segments.
CREATE TABLE seat (id INTEGER PRIMARY KEY, segments BLOB NOT NULL) STRICT; -- id: block * 65536 + part
PRAGMA user_version = 2; -- the last: what bears it is whole
