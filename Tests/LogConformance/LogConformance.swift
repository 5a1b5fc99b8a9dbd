// LogConformance
