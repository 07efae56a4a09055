"""Pictures of a book, drawn by ourselves: workflows in layers, ladders on a line of time."""
