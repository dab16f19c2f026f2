"""Everything said over HTTP: the route table, native API, streams, pages, sign-in, errors."""
