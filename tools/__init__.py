"""What those who release the bot run; nothing here is part of the server."""
