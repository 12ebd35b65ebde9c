"""Events of communities: learning events, socials, core and sponsor meetings, as facts that can be corrected.
An event is credited to every community that hosts it; what counts as held is CHARTER.md's.
It owns who spoke and who was there, and knows nothing of how the charter measures it."""
