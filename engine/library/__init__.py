"""The models on this machine: where they lie, what they are, and what they need."""
