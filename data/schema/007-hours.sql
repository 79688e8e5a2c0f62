-- Turns may be forbidden at some hours alone: OpenStreetMap's opening_hours; NULL: always.
ALTER TABLE turn ADD COLUMN hours TEXT;
