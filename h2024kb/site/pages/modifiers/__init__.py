"""The page of modifiers: what every payer means by each, and where payers contradict each other."""
