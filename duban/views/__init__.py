"""What the store holds, as people ask for it: plain rows and documents, without a word about how they look."""
