-- Foreign ordering systems: what orders are found by through them, their venues' ids, their keys.
-- face: status, some_ready, cancelled_by and fulfilment in one word (app/domain/faces.py), all
-- that a dialect's own status word can depend on. An empty one is filled in when the file is opened.

ALTER TABLE orders ADD COLUMN face TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN native_dialect TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN native_value TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN fulfilment TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN confirmed_at BIGINT;
ALTER TABLE orders ADD COLUMN ready_at BIGINT;
ALTER TABLE orders ADD COLUMN wanted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN guest TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN seat TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN dishes TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN tags TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_unfilled ON orders (id) WHERE face = '';
CREATE INDEX orders_confirmed ON orders (venue, confirmed_at);

-- One row for each dialect a venue was ever connected to; value: the venue's name over there.
CREATE TABLE foreign_ids (
    dialect TEXT NOT NULL,
    value   TEXT NOT NULL,
    venue   TEXT NOT NULL REFERENCES venues (id),
    is_on   INTEGER NOT NULL,
    PRIMARY KEY (dialect, value)
);
CREATE UNIQUE INDEX foreign_ids_venue ON foreign_ids (venue, dialect);

ALTER TABLE api_keys ADD COLUMN dialect TEXT NOT NULL DEFAULT 'native';
ALTER TABLE api_keys ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN serial BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN owner TEXT;
ALTER TABLE api_keys ADD COLUMN abilities TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN last_used_at BIGINT;

-- Made anew, as the youngest: of two indexes it holds for equal, SQLite takes the younger one.
DROP INDEX orders_live;
CREATE INDEX orders_live ON orders (venue, placed_at, id) WHERE live = 1;
