"""What the store holds, as people ask for it: plain rows, without a word about how they look."""
