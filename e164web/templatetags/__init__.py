"""What the pages around signing in ask."""
