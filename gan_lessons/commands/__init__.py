"""The commands of `gan-lessons`, a module each."""
