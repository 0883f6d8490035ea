"""What maintainers do in the console: documents, builds, releases, the glossary."""
