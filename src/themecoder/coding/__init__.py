"""What coders said of answers: its files, its plan, and Label Studio, where it is made."""
