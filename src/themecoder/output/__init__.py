"""What results are written with: Word, Excel, archives, numbers and names as readers meet them."""
