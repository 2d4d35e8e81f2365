"""A year at the desk through the real order of the queue; see README.md beside this file."""
