"""What the product costs, side by side with the bare `requests` call: `python -m tests.benchmarks`."""
