"""A document instead of a chat: what the model expects at every place of any text."""
