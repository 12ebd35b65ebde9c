"""Communities of practice: their stage over time, who belongs to them in which role and since when,
and how one joins, is invited, appointed and leaves. Nothing about the past is overwritten: memberships end,
they do not vanish, unless they began today."""
