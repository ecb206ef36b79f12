"""A number over time: its line of states, taking changes back, and putting it back as it was then."""
