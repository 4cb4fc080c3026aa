"""What falls due by itself: nobody answered, nobody paid, the courier is to be asked."""
