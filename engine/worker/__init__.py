"""The process in which a model runs, and the protocol that it speaks."""
