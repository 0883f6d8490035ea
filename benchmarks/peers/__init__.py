"""
Other libraries at the same work: hybrid search over the same passages with the same vectors.

Each module runs in an environment of its own that has the library (`pip install txtai`, or
`haystack-ai`) and is given a folder that `benchmarks.retrieval` prepared.
"""
