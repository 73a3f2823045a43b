"""One sampler a module; each exports SPEC."""
