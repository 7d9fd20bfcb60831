"""What people see and programs call."""
