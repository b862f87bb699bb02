"""What all labs are made of: frames, parameters, the headless lab, its widgets, and recordings."""
