"""舆情: what many citizens ask of late and get no good answer to, until one is published."""
