// The bank to test against.
