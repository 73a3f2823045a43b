"""The chat page: conversations with a model. `state` holds what happens and no widgets; the other modules draw it."""
