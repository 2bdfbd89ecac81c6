// Starts the circuit. A connection that is lost is tried for as long as the page is open.
Blazor.start({
  circuit: {
    reconnectionOptions: { maxRetries: 100000, retryIntervalMilliseconds: attempts => attempts < 5 ? 500 : 3000 },
  },
});
