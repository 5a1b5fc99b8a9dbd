// MemoryLog
