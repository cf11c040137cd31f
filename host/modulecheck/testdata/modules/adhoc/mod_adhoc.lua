error("this one is too old")
