-- PINs for tablets that several people share, and the day's end: orders without their guests' names.

CREATE TABLE pins (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    hash    TEXT NOT NULL,
    set_at  BIGINT NOT NULL
);

-- hash: of the secret in the tablet's cookie.
CREATE TABLE tablets (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    allowed_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The tablet a session was opened on with a PIN; NULL: with a password.
ALTER TABLE sessions ADD COLUMN tablet TEXT;
CREATE INDEX sessions_by_tablet ON sessions (tablet) WHERE tablet IS NOT NULL;

-- The seq an order had when its names were taken out: one that was changed since has another.
ALTER TABLE orders ADD COLUMN anonymised_seq BIGINT NOT NULL DEFAULT 0;
CREATE INDEX orders_named ON orders (venue, wanted_at, id)
    WHERE live = 0 AND anonymised_seq <> seq;
CREATE INDEX events_deleted ON events (venue, at) WHERE kind = 'deleted';
