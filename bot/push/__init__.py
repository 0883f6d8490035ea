"""Telling those who follow a document, a topic or a question what a new release changed."""
