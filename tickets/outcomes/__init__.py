"""What became of the answers that were shown before a ticket: four outcomes, never one rate."""
