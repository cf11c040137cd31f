module:set_global();
