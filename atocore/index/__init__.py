"""EFFECTS that can be rebuilt: catalog, full text, vectors, embeddings and their cache."""
