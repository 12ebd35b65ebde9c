"""What knows nothing of the domain: refusals, the clock, text folding, paging by key, the live channel and the
embedded PostgreSQL. Every other room may import it; it imports none of them."""
