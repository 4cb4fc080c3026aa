"""Loops and jobs that keep web shops in step: levels out, orders in, runs, and looking."""
