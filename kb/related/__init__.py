"""Articles that an editor chose to be read after another."""
