"""Pages: load and authorise, bind the form, one service call, redirect or render."""
