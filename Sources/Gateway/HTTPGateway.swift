// The HTTP gateway.
