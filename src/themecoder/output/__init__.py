"""What is written for people: Word, Excel, pages, numbers."""
