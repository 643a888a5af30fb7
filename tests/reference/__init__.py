"""A slow, obvious evaluator of policies: what the fast backends are held against."""
