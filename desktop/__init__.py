"""The program for the clinician: a folder of scans with a probability beside each."""
