"""People of the organisation, the units they belong to, their skills, and how they sign in.
A person is the account: somebody of the directory signs in by password or by a code sent to their address.
The programme team is a property of a person, not a separate kind of user."""
