"""One article in two languages."""
