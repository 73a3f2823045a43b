"""What a person sees: the window of Próxima."""
