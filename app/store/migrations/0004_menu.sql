-- The venue's own menu: items, categories, ingredients, stations, printers, cash registers, banners
-- and order instructions. body is the thing as app/store/menu.py writes it.

CREATE TABLE menu (
    venue    TEXT NOT NULL REFERENCES venues (id),
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    position BIGINT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (venue, kind, id)
);
CREATE INDEX menu_order ON menu (venue, kind, position, name, id);
