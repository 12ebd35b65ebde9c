"""The design system: tokens, components, behaviours, the base page, and all of it on `/styleguide`.

It knows nothing of the domain and imports no room: templates hand it plain values, or objects that have a
`name`. A component is one CSS file in `styles/`, one tag or template and, if needed, one behaviour.
"""
