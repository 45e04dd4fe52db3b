"""How models/multilingual_encoder/ is built, step by step."""
