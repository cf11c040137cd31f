local half = 7 // 2;
