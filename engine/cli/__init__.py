"""The verbs of the ``proxima`` command."""
