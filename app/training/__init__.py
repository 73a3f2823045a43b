"""The Training page: runs started, followed, steered and compared."""
