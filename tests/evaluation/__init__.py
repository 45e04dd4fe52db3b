"""Messages the model never learns from, and the script that scores them."""
