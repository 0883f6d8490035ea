"""From reply to knowledge: a good reply becomes an answer that the bot gives to everybody."""
