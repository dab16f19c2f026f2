"""The order APIs of four foreign systems, each a room of its own on one shape."""
