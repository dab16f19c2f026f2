"""What an order, a board and an event are. Standard library only; knows no other room."""
