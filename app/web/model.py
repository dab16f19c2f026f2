"""What every body, query and answer over HTTP is derived from."""

from pydantic import BaseModel, ConfigDict


class WireModel(BaseModel):
    """Its checks are made ready when it is first used: those of all at once, most of which a venue
    never uses, took a tenth of the start."""

    model_config = ConfigDict(defer_build=True)
