"""The server is killed at any moment: nothing acknowledged is lost, the file always opens."""
