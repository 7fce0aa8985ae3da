"""Mandates as people read and write them: their forms, their words, their lists and the book of acts."""
