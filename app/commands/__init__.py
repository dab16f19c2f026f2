"""What may be asked of the store, one transaction each: the way in for every door."""
