// SQLiteLogTests
