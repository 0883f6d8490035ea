"""Where people talk to us. One module a platform."""
