"""Addresses that articles and categories had before: they lead on."""
