"""The in-house decoder: a Llama-family transformer in torch."""
