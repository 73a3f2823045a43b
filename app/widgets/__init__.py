"""What several pages draw with: theme, icons, toasts, rows, bars."""
