"""Taking secrets out of texts before they are recorded, logged, sent or shown to a model (S8)."""
