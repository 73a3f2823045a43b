"""What a training run is to those who follow and steer it: recipe, events, lock, status. No torch."""
