"""What a community talks about: threads of posts, questions with an answer, announcements, and one lounge.

A thread is a community's; another room that wants comments holds a one-to-one field to a thread of its own.
"""
