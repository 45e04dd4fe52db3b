"""`make check`: whether the content may go to visitors. One idea a file."""
