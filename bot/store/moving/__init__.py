"""An installation's data on the move: from one database to another, into a file and back."""
