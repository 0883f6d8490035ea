"""回头看: what was promised for a year, whether it is done, and whether that still shows."""
