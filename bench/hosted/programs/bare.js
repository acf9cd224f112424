// Starts, and ends at once.
process.exit(0);
