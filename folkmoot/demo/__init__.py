"""The invented programme for trying Folkmoot out, and the cast of six through whose eyes one may look at it.
It stands above every room it shows; nothing below knows that it is there."""
