"""The ladder of levels that the bot steps down when something fails, and up again."""
