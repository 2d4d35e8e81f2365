"""Known outages: what a technician declares, everybody reads, and customers' tickets join."""
