"""Medusa, by its Admin REST API (2.21): what it sells is a variant, what it counts an inventory item.

A listing keeps the id of the inventory item; that of the variant where Medusa counts nothing of it.
"""
