"""What those who run the bot see of it: figures, probes, logs and spans. Never of a person."""
