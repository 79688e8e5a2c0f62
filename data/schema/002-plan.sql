-- Lenses, places for cameras, rooms that no camera may look into, classes of density, and plans: a scenario is a list of
-- steps, a step a list of cameras as they are to be. Undoing is a state of a step, so nothing is lost by it.
ALTER TABLE camera ADD COLUMN focal_mm REAL;
ALTER TABLE camera ADD COLUMN sensor_mm REAL;
ALTER TABLE camera ADD COLUMN vfov_deg REAL;

CREATE TABLE density (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    px_per_m REAL,
    norm TEXT
) STRICT;

CREATE TABLE lens (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    lens TEXT NOT NULL,
    fov_deg REAL,
    vfov_deg REAL,
    focal_mm REAL,
    sensor_mm REAL,
    width_px INTEGER NOT NULL,
    range_m REAL,
    night_range_m REAL,
    price REAL,
    upkeep REAL
) STRICT;

CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    mount TEXT NOT NULL,
    owner TEXT NOT NULL,
    heading_deg REAL,
    height_m REAL,
    cost REAL,
    mandatory INTEGER NOT NULL,
    geom BLOB
) STRICT;

CREATE TABLE nolook (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    class TEXT NOT NULL,
    geom BLOB
) STRICT;

CREATE TABLE scenario (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    note TEXT,
    budget REAL,
    state TEXT NOT NULL,
    merged_phase INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT
) STRICT;

CREATE TABLE step (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    code TEXT,
    name TEXT,
    scenario INTEGER NOT NULL,
    state TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT
) STRICT;

CREATE TABLE planned (
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
    focal_mm REAL,
    sensor_mm REAL,
    vfov_deg REAL,
    step INTEGER NOT NULL,
    camera_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    base_version INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    cost REAL,
    geom BLOB
) STRICT;

CREATE INDEX density_import ON density (import_id);
CREATE INDEX lens_import ON lens (import_id);
CREATE INDEX site_import ON site (import_id);
CREATE INDEX nolook_import ON nolook (import_id);
CREATE INDEX step_of ON step (scenario, id);
CREATE INDEX planned_of ON planned (step);
CREATE INDEX scenario_name ON scenario (name);
