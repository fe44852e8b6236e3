"""``/debates``: the list, bringing files, changing what is said of a debate, deleting."""
