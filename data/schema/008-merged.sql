-- What is a duplicate of an incident hears what becomes of it.
CREATE INDEX incident_event_merge ON incident_event (other_id) WHERE deed = 'merge';
