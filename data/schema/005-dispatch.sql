-- The log of an incident says all of what was done to it (geo/model/casefile.h); a row is never changed.
ALTER TABLE incident_event ADD COLUMN deed TEXT; -- NULL: of before deeds, a state was set
ALTER TABLE incident_event ADD COLUMN deed_id INTEGER; -- seq of the first event of the same act
ALTER TABLE incident_event ADD COLUMN role TEXT;
ALTER TABLE incident_event ADD COLUMN unit_id INTEGER;
ALTER TABLE incident_event ADD COLUMN other_id INTEGER;
ALTER TABLE incident_event ADD COLUMN happened_ms INTEGER; -- NULL: when it was written down
ALTER TABLE incident_event ADD COLUMN until_ms INTEGER;
ALTER TABLE incident_event ADD COLUMN item TEXT;
ALTER TABLE incident_event ADD COLUMN category TEXT;
ALTER TABLE incident_event ADD COLUMN place TEXT;
ALTER TABLE incident_event ADD COLUMN area TEXT;
ALTER TABLE incident_event ADD COLUMN department TEXT;
ALTER TABLE incident_event ADD COLUMN level TEXT;
ALTER TABLE incident_event ADD COLUMN ladder TEXT;
ALTER TABLE incident_event ADD COLUMN priority INTEGER;
ALTER TABLE incident_event ADD COLUMN lon REAL;
ALTER TABLE incident_event ADD COLUMN lat REAL;
ALTER TABLE incident_event ADD COLUMN value INTEGER;
CREATE INDEX incident_event_deed ON incident_event (deed_id);

-- What is still to be done, among all that ever was.
CREATE INDEX incident_open ON incident (at_ms)
    WHERE state NOT IN ('closed', 'called_back', 'duplicate', 'void', 'transferred');
CREATE INDEX incident_code ON incident (code);

-- The unit's status before it was sent: it has it again afterwards.
ALTER TABLE assignment ADD COLUMN before TEXT;

-- How a report came in. Who called is told to nobody who does not ask for it (GEO_OP_READ_CALLER).
CREATE TABLE report (
    incident_id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    source_no TEXT,
    words TEXT,
    caller TEXT,
    phone TEXT,
    call_ms INTEGER,
    answer_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX report_source ON report (source, source_no) WHERE source_no IS NOT NULL;

-- Another system has been told all of its reports up to this event.
CREATE TABLE outbox_mark (source TEXT PRIMARY KEY, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;

-- What a unit is told, and how far it came.
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    incident_id INTEGER NOT NULL, -- 0: of none
    unit_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    queued_ms INTEGER NOT NULL,
    sent_ms INTEGER,
    delivered_ms INTEGER,
    accepted_ms INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    channel TEXT,
    note TEXT
) STRICT;
CREATE INDEX message_open ON message (unit_id) WHERE state IN ('queued', 'sent');
CREATE INDEX message_of ON message (incident_id, unit_id);
