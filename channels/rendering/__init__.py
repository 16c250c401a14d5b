"""What is said to the owner, made once for all channels."""
