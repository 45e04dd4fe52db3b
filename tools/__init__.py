"""Scripts for releases and lint; nothing here is part of the server."""
