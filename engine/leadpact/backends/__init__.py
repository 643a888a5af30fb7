"""Ways to run a plan. Each keeps to one meaning; none knows another."""
