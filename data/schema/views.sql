-- SPDX-License-Identifier: GPL-3.0-or-later
-- What to open in QGIS: the live rows only, read-only. Registered in views_geometry_columns.
CREATE VIEW live_areas AS SELECT rowid AS rowid, * FROM "area"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_buildings AS SELECT rowid AS rowid, * FROM "building"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_roads AS SELECT rowid AS rowid, * FROM "road"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_base AS SELECT rowid AS rowid, * FROM "base"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_cameras AS SELECT rowid AS rowid, * FROM "camera"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_incidents AS SELECT rowid AS rowid, * FROM "incident"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_units AS SELECT rowid AS rowid, * FROM "unit"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_facilities AS SELECT rowid AS rowid, * FROM "facility"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_addresses AS SELECT rowid AS rowid, * FROM "address"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_population AS SELECT rowid AS rowid, * FROM "population"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
INSERT INTO views_geometry_columns (view_name, view_geometry, view_rowid, f_table_name, f_geometry_column, read_only)
    VALUES ('live_areas', 'geom', 'rowid', 'area', 'geom', 1),
    ('live_buildings', 'geom', 'rowid', 'building', 'geom', 1),
    ('live_roads', 'geom', 'rowid', 'road', 'geom', 1),
    ('live_base', 'geom', 'rowid', 'base', 'geom', 1),
    ('live_cameras', 'geom', 'rowid', 'camera', 'geom', 1),
    ('live_incidents', 'geom', 'rowid', 'incident', 'geom', 1),
    ('live_units', 'geom', 'rowid', 'unit', 'geom', 1),
    ('live_facilities', 'geom', 'rowid', 'facility', 'geom', 1),
    ('live_addresses', 'geom', 'rowid', 'address', 'geom', 1),
    ('live_population', 'geom', 'rowid', 'population', 'geom', 1);
