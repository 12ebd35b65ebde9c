"""Screens that mix many rooms: home, the programme's board, its charter and its team. It owns no tables."""
