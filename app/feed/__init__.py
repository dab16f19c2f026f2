"""From one event to every screen: frames, channels with their rings, and one viewer each."""
