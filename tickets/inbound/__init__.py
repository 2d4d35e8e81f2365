"""Mail that comes in: a reply lands on its ticket, everything else ends with an explanation or
quietly ([decision 0035](docs/decisions/0035-mail-that-comes-in.md))."""
