"""GGUF files out of decoders: export and quantisation."""
