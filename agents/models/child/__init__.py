"""What runs in the model process: LiteLLM, the keys, and the only way out to the providers."""
