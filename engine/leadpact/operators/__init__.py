"""What a policy's words come down to: times, texts and numbers, each worked out in one place."""
