"""Raw texts of models, each with the calls that a careful person reads in it. README.md says how that was decided."""
