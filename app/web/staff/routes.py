"""The staff pages in the table of routes."""

from app.web.staff import account, entry, lookup, menu, pad, settings
from app.web.table import Entry, Handler, Who


def _page(path: str, handler: Handler, who: Who) -> Entry:
    return Entry(method="GET", path=path, handler=handler, who=who, page=True)


def _form(path: str, handler: Handler, who: Who) -> Entry:
    return Entry(method="POST", path=path, handler=handler, who=who, page=True)


# The fixed names come before {venue}.
ROUTES: list[Entry] = [
    _page("/setup", entry.show_setup, Who.PUBLIC),
    _form("/setup", entry.take_setup, Who.PUBLIC),
    _page("/staff", entry.show_staff, Who.PUBLIC),
    _page("/staff/sign-in", entry.show_sign_in, Who.PUBLIC),
    _form("/staff/sign-in", entry.take_sign_in, Who.PUBLIC),
    _form("/staff/sign-out", entry.take_sign_out, Who.PUBLIC),
    _page("/staff/account", account.show_account, Who.READ),
    _form("/staff/account/password", account.take_own_password, Who.READ),
    _form("/staff/account/sessions", account.take_sign_out_everywhere, Who.READ),
    _page("/staff/people", account.show_people, Who.ADMIN),
    _form("/staff/people", account.take_new_user, Who.ADMIN),
    _form("/staff/people/{user}", account.take_user, Who.ADMIN),
    _form("/staff/keys", account.take_new_key, Who.ADMIN),
    _form("/staff/keys/{key}/revoke", account.take_key_revoked, Who.ADMIN),
    _page("/staff/{venue}", pad.show_pad, Who.READ),
    _page("/staff/{venue}/pad", pad.show_middle, Who.READ),
    _page("/staff/{venue}/finished", lookup.show_finished, Who.READ),
    _form("/staff/{venue}/orders", pad.new_order, Who.WRITE),
    _form("/staff/{venue}/bulk", pad.move_many, Who.WRITE),
    _page("/staff/{venue}/orders/{order}", lookup.show_order, Who.READ),
    _form("/staff/{venue}/orders/{order}", pad.move_order, Who.WRITE),
    _page("/staff/{venue}/menu", menu.show_menu, Who.READ),
    _form("/staff/{venue}/menu/available", menu.take_available, Who.WRITE),
    _form("/staff/{venue}/menu/file", menu.take_file, Who.ADMIN),
    _form("/staff/{venue}/menu/{kind}", menu.take_thing, Who.ADMIN),
    _form("/staff/{venue}/menu/{kind}/{thing}/delete", menu.take_deleted, Who.ADMIN),
    _page("/staff/{venue}/settings", settings.show_settings, Who.ADMIN),
    _form("/staff/{venue}/settings/board", settings.take_board, Who.ADMIN),
    _form("/staff/{venue}/settings/venue", settings.take_venue, Who.ADMIN),
    _form("/staff/{venue}/settings/points", settings.take_new_point, Who.ADMIN),
    _form("/staff/{venue}/settings/points/{point}", settings.take_point, Who.ADMIN),
]
