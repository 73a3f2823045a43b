"""Headers of model files, read without trust: they come from anywhere."""
