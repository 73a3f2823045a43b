"""The Models page: what is on this machine, and what the Hub has."""
