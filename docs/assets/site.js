// Small habits that every page shares; each page reads well without them.
