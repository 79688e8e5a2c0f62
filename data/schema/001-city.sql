-- A city: what it is, what was imported, its kinds of thing, and who did what.
-- One table a kind, its columns after geo/model/kind.c (a test holds them together). geom is registered with SpatiaLite
-- by geo/store/sqlite-open.c, because AddGeometryColumn refuses STRICT tables. Times are Unix ms, UTC.
PRAGMA application_id = 1196573012; -- "GRBT"

CREATE TABLE city (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    epsg INTEGER NOT NULL,
    synthetic INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- state: staged (nobody sees the rows), live, undone (rows are swept later)
CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    source_hash TEXT,
    state TEXT NOT NULL CHECK (state IN ('staged', 'live', 'undone')),
    at_ms INTEGER NOT NULL,
    n_rows INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    replaces TEXT,
    note TEXT,
    swept INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE area (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    level TEXT,
    parent TEXT,
    population INTEGER NOT NULL DEFAULT 0,
    geom BLOB
) STRICT;

CREATE TABLE building (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    height_m REAL,
    floors INTEGER NOT NULL DEFAULT 0,
    "use" TEXT,
    geom BLOB
) STRICT;

CREATE TABLE road (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    class TEXT NOT NULL,
    oneway INTEGER NOT NULL,
    speed_kmh REAL,
    layer INTEGER NOT NULL,
    foot INTEGER NOT NULL,
    ebike INTEGER NOT NULL,
    car INTEGER NOT NULL,
    geom BLOB
) STRICT;

CREATE TABLE base (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    class TEXT NOT NULL,
    width_m REAL,
    geom BLOB
) STRICT;

CREATE TABLE camera (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    owner TEXT NOT NULL,
    lens TEXT NOT NULL,
    mount TEXT NOT NULL,
    state TEXT NOT NULL,
    heading_deg REAL,
    heading_err_deg REAL,
    fov_deg REAL,
    range_m REAL,
    night_range_m REAL,
    height_m REAL,
    tilt_deg REAL,
    width_px INTEGER NOT NULL,
    cameras INTEGER NOT NULL,
    assumed INTEGER NOT NULL,
    place TEXT,
    geom BLOB
) STRICT;

CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    at_ms INTEGER NOT NULL,
    category TEXT,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    place TEXT,
    area TEXT,
    geom BLOB
) STRICT;

CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    unit_kind TEXT NOT NULL,
    status TEXT NOT NULL,
    agency TEXT,
    area TEXT,
    radio TEXT,
    geom BLOB
) STRICT;

CREATE TABLE roster (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    area TEXT,
    post TEXT
) STRICT;

CREATE TABLE facility (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    class TEXT NOT NULL,
    must_see INTEGER NOT NULL,
    address TEXT,
    geom BLOB
) STRICT;

CREATE TABLE address (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    class TEXT NOT NULL,
    road TEXT,
    number TEXT,
    compound TEXT,
    building TEXT,
    alias_of TEXT,
    area TEXT,
    geom BLOB
) STRICT;

CREATE TABLE population (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    people REAL,
    geom BLOB
) STRICT;

-- Counting, and sweeping an undone import, ask by import.
CREATE INDEX area_import ON area (import_id, level);
CREATE INDEX building_import ON building (import_id);
CREATE INDEX road_import ON road (import_id);
CREATE INDEX base_import ON base (import_id);
CREATE INDEX camera_import ON camera (import_id);
CREATE INDEX incident_import ON incident (import_id);
CREATE INDEX unit_import ON unit (import_id);
CREATE INDEX roster_import ON roster (import_id);
CREATE INDEX facility_import ON facility (import_id);
CREATE INDEX address_import ON address (import_id);
CREATE INDEX population_import ON population (import_id);

CREATE INDEX incident_at ON incident (at_ms);
CREATE INDEX roster_from ON roster (from_ms);
CREATE INDEX roster_code ON roster (code, from_ms, to_ms);
CREATE INDEX unit_code ON unit (code);
CREATE INDEX camera_code ON camera (code);
CREATE INDEX area_code ON area (code);

-- Every step of every incident; a correction is a new row.
CREATE TABLE incident_event (
    seq INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT
) STRICT;
CREATE INDEX incident_event_of ON incident_event (incident_id, seq);

CREATE TABLE assignment (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER
) STRICT;
-- A unit is on one incident at a time, whatever the program above thinks.
CREATE UNIQUE INDEX assignment_open ON assignment (unit_id) WHERE to_ms IS NULL;
CREATE INDEX assignment_of ON assignment (incident_id);

-- A command that was carried out, with the version that it left: a retry finds it here.
CREATE TABLE command (id TEXT PRIMARY KEY, op TEXT NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX command_at ON command (at_ms);

CREATE TABLE change_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    op TEXT NOT NULL,
    area TEXT,
    purpose TEXT,
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    detail TEXT
) STRICT;
