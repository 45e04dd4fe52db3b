"""Six people visit the chat, in Chromium and in Firefox; see docs/visits.md."""
