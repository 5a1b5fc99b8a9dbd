// MemoryLogTests
