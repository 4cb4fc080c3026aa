"""Sessions: counting, adjusting, promoting, looking back."""
