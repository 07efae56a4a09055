"""Reading a book: YAML with positions, overlaid on the libraries, checked as a whole, made ready to run."""
