"""People and what they belong to: teams, and how provider groups and links let people in."""
