"""Pictures of the product as it is, for the README and for looking at: `make screenshots`."""
