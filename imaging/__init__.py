"""From a file to the network's input: the one path that trainer, export and program share."""
