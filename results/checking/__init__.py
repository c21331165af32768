"""What results/check.py is made of."""
