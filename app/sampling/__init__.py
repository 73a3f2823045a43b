"""The chain as cards with sliders."""
