"""Tables of lines: CSV and Parquet files, whatever their columns are called."""
