"""Publishing: how what the database says comes to be what the name servers say."""
