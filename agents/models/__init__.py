"""Models: the port `Model`, and the process in which LiteLLM lives."""
