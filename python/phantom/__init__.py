"""The playbook API as Python sees it."""
