"""The Hugging Face Hub: finding models, and fetching them so that nothing is lost and nothing wrong is kept."""
