"""What needs files and answers together: the cases of a policy, which say what must be answered on which day."""
