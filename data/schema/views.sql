-- SPDX-License-Identifier: GPL-3.0-or-later
-- What to open in QGIS: the live rows only, read-only. Registered in views_geometry_columns.
-- GDAL takes integers of a view for 32 bits wide, so ids are the rowid alone and times are texts.
CREATE VIEW live_areas AS
    SELECT rowid AS rowid, version, code, name, level, parent, population, geom FROM "area"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_buildings AS
    SELECT rowid AS rowid, version, code, name, height_m, floors, "use", geom FROM "building"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_roads AS
    SELECT rowid AS rowid, version, code, name, class, oneway, speed_kmh, layer, foot, ebike, car, geom FROM
    "road"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_base AS
    SELECT rowid AS rowid, version, code, name, class, width_m, geom FROM "base"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_cameras AS
    SELECT rowid AS rowid, version, code, name, owner, lens, mount, state, heading_deg, heading_err_deg,
    fov_deg, range_m, night_range_m, height_m, tilt_deg, width_px, cameras, assumed, place, focal_mm, sensor_mm,
    vfov_deg, geom FROM "camera"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_incidents AS
    SELECT rowid AS rowid, version, code, name, strftime('%Y-%m-%dT%H:%M:%SZ', at_ms / 1000, 'unixepoch') AS
    at, category, priority, state, place, area, geom FROM "incident"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_units AS
    SELECT rowid AS rowid, version, code, name, unit_kind, status, agency, area, radio, force, skills,
    geom FROM "unit"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_facilities AS
    SELECT rowid AS rowid, version, code, name, class, must_see, address, geom FROM "facility"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_addresses AS
    SELECT rowid AS rowid, version, code, name, class, road, number, compound, building, alias_of, area, geom
    FROM "address"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_population AS
    SELECT rowid AS rowid, version, code, name, people, geom FROM "population"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_sites AS
    SELECT rowid AS rowid, version, code, name, mount, owner, heading_deg, height_m, cost, mandatory, geom FROM "site"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_nolooks AS
    SELECT rowid AS rowid, version, code, name, class, geom FROM "nolook"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_turns AS
    SELECT rowid AS rowid, version, code, name, what, from_way, to_way, via_way, foot, ebike, car, hours, geom FROM "turn"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_barriers AS
    SELECT rowid AS rowid, version, code, name, class, foot, ebike, car, hours, geom FROM "barrier"
    WHERE import_id = 0 OR import_id IN (SELECT id FROM import WHERE state = 'live');
CREATE VIEW live_closures AS
    SELECT rowid AS rowid, version, code, name, strftime('%Y-%m-%dT%H:%M:%SZ', from_ms / 1000, 'unixepoch') AS from_at,
    CASE WHEN to_ms > 0 THEN strftime('%Y-%m-%dT%H:%M:%SZ', to_ms / 1000, 'unixepoch') END AS to_at, radius_m, foot,
    ebike, car, reason, actor, geom FROM "closure" WHERE lifted_ms = 0;
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
    ('live_population', 'geom', 'rowid', 'population', 'geom', 1),
    ('live_sites', 'geom', 'rowid', 'site', 'geom', 1),
    ('live_nolooks', 'geom', 'rowid', 'nolook', 'geom', 1),
    ('live_turns', 'geom', 'rowid', 'turn', 'geom', 1),
    ('live_barriers', 'geom', 'rowid', 'barrier', 'geom', 1),
    ('live_closures', 'geom', 'rowid', 'closure', 'geom', 1);
