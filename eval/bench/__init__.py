"""``make bench``: this product beside what a user would take instead, beside the cost of its parts, as its index grows,
and with many clients at once. See README.md here."""
