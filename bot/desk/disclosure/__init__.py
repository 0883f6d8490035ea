"""依申请公开: requests for information that is not published, from the form to the archive."""
