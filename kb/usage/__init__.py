"""What tickets did with an article: read before filing, put into a reply, resolved with it."""
