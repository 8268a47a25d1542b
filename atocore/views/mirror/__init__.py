"""The Human Mirror: what is known, as plain linked Markdown for people who never run AtoCore.

Pages are made of briefs and of what the app hands over; they know no file, no git and no clock.
"""
