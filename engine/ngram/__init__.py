"""N-gram models: the next token by counting what followed the last few. The ancestor, and what a trained model has to beat."""
