"""The campaign board's report: how the chat was used, from the anonymous counts."""
