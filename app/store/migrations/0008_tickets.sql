-- What this installation alone knows (the key that makes ticket links unguessable), and the guests
-- who asked to be told on their phones. seen: the order's seq when it was last looked at; told: the
-- state the phone was told last, or empty; due_at: when to try again, or to forget
-- an ended order.

CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE ticket_wishes (
    order_id TEXT NOT NULL PRIMARY KEY,
    language TEXT NOT NULL,
    seen     BIGINT NOT NULL,
    told     TEXT NOT NULL,
    tries    INTEGER NOT NULL,
    due_at   BIGINT
);
