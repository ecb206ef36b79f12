"""The door for browsers: addresses, views, forms and template tags."""
