"""What came in, what was done with it, and how long it took; docs/desk.md defines each figure."""
