"""What the operating system gives: locks that die with their holder, and host names looked up within a time limit."""
