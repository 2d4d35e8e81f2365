"""The measurements of the site against its bars; run with `make bench`, read `README.md`."""
