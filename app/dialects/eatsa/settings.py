"""What a venue sets for eatsa's clients; most of it is only told to them as the store's data."""

from pydantic import Field

from app.dialects.shape import DialectSettings
from app.web.native.types import Line, ShortText


class Settings(DialectSettings):
    store_id: ShortText = Field("", description="the store id its clients use; empty = the slug")
    open: bool = Field(
        False,
        description="let clients of this network in without a token; a proxy in front must "
        "send X-Forwarded-For",
    )
    https_only: bool = Field(False, description="refuse plain HTTP")
    default_eta_minutes: int = Field(
        10, ge=0, le=600, description="minutes an order takes, until today's orders tell"
    )
    slot_minutes: int = Field(15, ge=1, le=240, description="length of a timeslot in minutes")
    slot_orders: int = Field(10, ge=1, le=1000, description="orders that fit in a timeslot")
    locality: Line = Field("", description="city")
    region: Line = Field("", description="region or state")
    postcode: ShortText = Field("", description="postcode")
    country: ShortText = Field("", description="country, two letters")
    latitude: ShortText = Field("", description="latitude")
    longitude: ShortText = Field("", description="longitude")
    business_page_url: Line = Field("", description="web page of the business")
