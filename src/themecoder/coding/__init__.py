"""The coding of answers: its files, its plan, and Label Studio, where people code."""
