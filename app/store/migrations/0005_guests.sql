-- Guests with a record of their own, their addresses, and what TastyIgniter wants of users: whole
-- numbers for ids, e-mail, groups. A guest who may sign in is a user of the role `customer`.

CREATE TABLE customers (
    venue        TEXT NOT NULL REFERENCES venues (id),
    serial       BIGINT NOT NULL,
    first_name   TEXT NOT NULL,
    last_name    TEXT NOT NULL,
    email        TEXT NOT NULL,
    folded_email TEXT NOT NULL,
    telephone    TEXT NOT NULL,
    user_id      TEXT REFERENCES users (id),
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (venue, serial)
);
CREATE UNIQUE INDEX customers_email ON customers (venue, folded_email) WHERE folded_email <> '';
CREATE INDEX customers_user ON customers (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE addresses (
    venue    TEXT NOT NULL REFERENCES venues (id),
    serial   BIGINT NOT NULL,
    customer BIGINT,
    body     TEXT NOT NULL,
    PRIMARY KEY (venue, serial)
);
CREATE INDEX addresses_customer ON addresses (venue, customer, serial);

CREATE TABLE user_details (
    user_id      TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    serial       BIGINT NOT NULL UNIQUE,
    email        TEXT NOT NULL,
    folded_email TEXT NOT NULL,
    group_serial BIGINT
);
CREATE UNIQUE INDEX user_details_email ON user_details (folded_email) WHERE folded_email <> '';

CREATE TABLE user_groups (
    serial BIGINT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
);
