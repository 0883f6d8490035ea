"""The command line, a module for each group of commands. It wires the parts, no more."""
