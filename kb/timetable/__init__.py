"""Publishing and expiring at a date; when somebody should look at an article again."""
