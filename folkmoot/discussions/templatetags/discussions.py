"""Posts for templates."""

from django import template

from folkmoot.discussions.foot import post_foot
from folkmoot.discussions.saying import author, said

register = template.Library()

for tag in (said, author, post_foot):
    register.simple_tag(tag)
