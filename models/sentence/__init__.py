"""What the builders of the sentence encoder are made of."""
