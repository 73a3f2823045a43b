"""The processes in which models run, as the window sees them."""
