"""Where messages, tickets and deliveries live."""
