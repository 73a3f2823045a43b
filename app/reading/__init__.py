"""Texts for reading: Markdown as a document that loads nothing from anywhere, its links opened only after they were seen."""
