"""Conversations on disk: a SQLite file owned by one thread. No Qt here."""
