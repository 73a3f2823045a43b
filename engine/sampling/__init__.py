"""How a token is picked: stages, the chain of them, the dart, the record of it all. numpy only; the window imports it too."""
