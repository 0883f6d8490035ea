"""Text to vectors: the builtin encoder or any sentence-transformers model."""
