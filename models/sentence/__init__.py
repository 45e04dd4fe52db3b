"""What models/build_encoder.py is made of: fine-tuning and export."""
