"""The commands that need no window: a module a command, each with its row ``COMMAND``."""
