"""What learning from use brings, and what it withstands: `python -m bench.learning`."""
