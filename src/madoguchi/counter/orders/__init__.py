"""What it is about: orders as the shop gives them, the written policy, propose and confirm."""
