print("fairfill")
