is_life = true;
