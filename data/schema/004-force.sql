-- Whose unit it is among those that plans name, and what its people and their kit can do (geo/model/force.h).
ALTER TABLE unit ADD COLUMN force TEXT;
ALTER TABLE unit ADD COLUMN skills TEXT;
