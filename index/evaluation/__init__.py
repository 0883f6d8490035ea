"""How well a release finds, refuses and decides: figures and a report. The bot needs none."""
