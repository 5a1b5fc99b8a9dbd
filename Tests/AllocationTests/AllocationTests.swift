// AllocationTests
