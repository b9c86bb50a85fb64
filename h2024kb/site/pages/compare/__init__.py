"""The page that lays what payers say side by side, and the cells it is made of."""
