"""What a person can do, a module per subject. Pages and commands call these; nothing in them knows HttpRequest."""
