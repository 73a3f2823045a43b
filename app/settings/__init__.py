"""What a person may choose: one typed schema, the file that keeps it, the page that shows it."""
