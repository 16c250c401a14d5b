"""What the owner says in chats and mails, and what it does: the same for every channel."""
