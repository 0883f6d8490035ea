"""The same for other programs: JSON, and an OpenAPI document that describes it."""
