"""What happened to a ticket, told by mail to whoever it concerns and did not do it themselves."""
