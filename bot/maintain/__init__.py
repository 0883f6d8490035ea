"""What maintainers do with documents, builds, releases and the glossary. Knows no web."""
