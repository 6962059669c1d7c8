"""Documents that pioneer did not make: what a PDF or a Word file measures, judged by the call and by our layout."""
