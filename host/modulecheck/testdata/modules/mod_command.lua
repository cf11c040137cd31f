module:depends("adhoc");
