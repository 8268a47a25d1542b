"""What cannot both be true: found, shown, kept in files; decided by people alone (`review.resolution`)."""
