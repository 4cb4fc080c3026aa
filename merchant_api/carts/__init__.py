"""Carts: what somebody means to order from a merchant. They hold no stock; checking out places through orders."""
