"""What customers thought of our help, and what they want to tell us: surveys, their results, the feedback desk."""
