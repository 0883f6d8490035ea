"""A whole installation in one file, made while it serves, and brought back from it."""
