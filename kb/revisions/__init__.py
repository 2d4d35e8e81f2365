"""What an article said before: every save, its size, differences, restoring."""
