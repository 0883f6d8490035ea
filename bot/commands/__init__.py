"""The commands: what a citizen may send with a slash, or find in the chat's menu."""
