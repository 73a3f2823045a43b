"""One module a kind of job: a function that takes the session, the request and a Reporter, and returns the Done."""
