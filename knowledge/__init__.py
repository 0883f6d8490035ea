"""What the bot knows: documents, and the passages cut from them."""
