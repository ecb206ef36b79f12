"""Forms turn text into domain values; an illegal one cannot reach a service."""
