"""Documents as pages: lists, clauses, versions, search."""
