"""What a venue sets for MySagra's clients."""

from pydantic import Field

from app.dialects.mysagra.words import NAME
from app.dialects.shape import DialectSettings
from app.domain.people import folded_name
from app.domain.venues import Venue
from app.web.native.types import Note


class Settings(DialectSettings):
    maintainers: Note = Field(
        "", description="staff who may also change the menu: their names, with commas between"
    )

    @property
    def maintainer_names(self) -> frozenset[str]:
        names = (folded_name(name) for name in self.maintainers.split(","))
        return frozenset(name for name in names if name)


def settings_of(venue: Venue) -> Settings:
    return Settings.model_validate(venue.dialects.get(NAME, {"on": False}))
