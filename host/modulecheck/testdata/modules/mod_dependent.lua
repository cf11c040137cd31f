module:depends("no_such_module");
