"""Associations, professionals, services of the town: their pages, their people, and their hats."""
