-- What people sign of duty, areas that are heard without a roster for a time, and whose device is whose. An act of duty
-- is a row that is never changed but for its end; what comes later stands (geo/model/dutyclock.h).
CREATE TABLE duty (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('welfare', 'sos', 'break', 'on', 'off')),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER, -- NULL while it goes on
    person TEXT,
    device TEXT,
    vehicle TEXT,
    crew TEXT,
    reason TEXT,
    actor TEXT NOT NULL,
    signed_ms INTEGER NOT NULL,
    ended_by TEXT
) STRICT;
CREATE INDEX duty_unit ON duty (unit_id, what, from_ms);
CREATE INDEX duty_to ON duty (to_ms);

CREATE TABLE admission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    area TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX admission_to ON admission (to_ms);

CREATE TABLE device (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    unit_id INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER, -- NULL while it is the unit's
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX device_key ON device ("key", from_ms);
CREATE INDEX device_to ON device (to_ms);
