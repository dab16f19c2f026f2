-- Venues, their boards and pickup points, orders, and the event log.
-- Only TEXT, BIGINT and INTEGER; times are milliseconds; ids are made by the program.

CREATE TABLE venues (
    id          TEXT PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    epoch       BIGINT NOT NULL,
    serial      BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    counted_day TEXT NOT NULL,
    last_point  BIGINT NOT NULL,
    settings    TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE boards (
    venue    TEXT NOT NULL REFERENCES venues (id),
    slug     TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (venue, slug)
);

-- body is the whole order as app/domain/orders.py writes it; the other columns are what is
-- looked up by. number_free_at: when the number may be drawn again (a far date while live).
CREATE TABLE orders (
    id             TEXT PRIMARY KEY,
    venue          TEXT NOT NULL REFERENCES venues (id),
    serial         BIGINT NOT NULL,
    seq            BIGINT NOT NULL,
    source         TEXT NOT NULL,
    ref            TEXT,
    fingerprint    TEXT NOT NULL,
    status         TEXT NOT NULL,
    live           INTEGER NOT NULL,
    number         TEXT,
    number_free_at BIGINT NOT NULL,
    day            TEXT NOT NULL,
    shown          TEXT NOT NULL,
    search         TEXT NOT NULL,
    placed_at      BIGINT NOT NULL,
    moved_at       BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    due_at         BIGINT,
    wants_point    INTEGER NOT NULL,
    body           TEXT NOT NULL
);
CREATE UNIQUE INDEX orders_serial ON orders (venue, serial);
CREATE UNIQUE INDEX orders_ref ON orders (venue, source, ref) WHERE ref IS NOT NULL;
CREATE UNIQUE INDEX orders_live_number ON orders (venue, day, number)
    WHERE live = 1 AND number IS NOT NULL;
CREATE INDEX orders_number ON orders (venue, number, number_free_at);
CREATE INDEX orders_number_free ON orders (venue, number_free_at);
CREATE INDEX orders_live ON orders (venue, placed_at, id) WHERE live = 1;
CREATE INDEX orders_shown ON orders (venue, shown) WHERE live = 1;
CREATE INDEX orders_ended ON orders (venue, moved_at) WHERE live = 0;
CREATE INDEX orders_placed ON orders (venue, placed_at, id);
CREATE INDEX orders_updated ON orders (venue, updated_at, id);
CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL;

-- Numbers let go of by orders that were deleted or given another one; an ended order's number
-- rests in its own row.
CREATE TABLE resting_numbers (
    venue   TEXT NOT NULL REFERENCES venues (id),
    number  TEXT NOT NULL,
    free_at BIGINT NOT NULL,
    PRIMARY KEY (venue, number)
);

CREATE TABLE events (
    venue   TEXT NOT NULL REFERENCES venues (id),
    seq     BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    dialect TEXT NOT NULL,
    subject TEXT NOT NULL,
    body    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (venue, seq)
);
CREATE INDEX events_subject ON events (venue, subject, seq);
CREATE INDEX events_at ON events (at);

CREATE TABLE pickup_points (
    id       TEXT PRIMARY KEY,
    venue    TEXT NOT NULL REFERENCES venues (id),
    name     TEXT NOT NULL,
    position BIGINT NOT NULL,
    disabled INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    order_id TEXT REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (venue, name)
);
CREATE INDEX pickup_points_order ON pickup_points (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE idempotency_keys (
    venue       TEXT NOT NULL,
    credential  TEXT NOT NULL,
    method      TEXT NOT NULL,
    path        TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    answer      TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (venue, credential, method, path, key)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
