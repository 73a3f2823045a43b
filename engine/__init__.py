"""What a model does: decoding, sampling, training, files. No window; importable and useful alone."""

__version__ = "0.1.0"
