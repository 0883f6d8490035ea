"""What the workers of one bot agree on: whose turn it is, who leads a job, what is new."""
