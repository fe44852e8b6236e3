"""Who takes part (``cast``) and who speaks when (``labels``)."""
