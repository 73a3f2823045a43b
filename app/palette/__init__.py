"""Every action by its name: the command palette and the list of shortcuts."""
